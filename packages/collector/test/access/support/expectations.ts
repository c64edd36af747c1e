import { OPERATIONS } from '../../../src/operations/operations.ts';

/** Ids of one environment, or of none. */
export interface Ids {
  readonly place: string;
  readonly service: string;
  readonly instance: string;
  readonly build: string;
  readonly probe: string;
  readonly capture: string;
  readonly group: string;
  readonly template: string;
  readonly import: string;
  readonly webhook: string;
  readonly token: string;
  readonly binding: string;
  readonly elevation: string;
  readonly user: string;
}

/** Who may do something in the environment that they are bound to. `beyond`: nobody who is bound to one environment. */
export type Least = 'viewer' | 'debugger' | 'admin' | 'beyond';

export interface Expectation {
  readonly least: Least;
  /** What `:id` of the path stands for. */
  readonly id?: keyof Ids;
  readonly query?: (ids: Ids) => Readonly<Record<string, string>>;
  readonly body?: (ids: Ids) => unknown;
  /** A grant that it takes besides, with the request that {@link body} and {@link query} make. */
  readonly grant?: true;
}

const probeRequest = ({ service }: Ids) => ({
  kind: 'snapshot',
  service,
  location: { file: 'src/risk.ts', line: 13 },
});

/** What each operation takes. One that is not listed here is a mistake, and so is one that is listed and not there. */
export const EXPECTATIONS: Readonly<Record<string, Expectation>> = {
  listServices: { least: 'viewer' },
  listAgents: { least: 'viewer' },
  getAgent: { least: 'viewer', id: 'instance' },
  listFiles: { least: 'viewer', query: ({ service }) => ({ service }) },
  listFunctions: { least: 'viewer', query: ({ service }) => ({ service }) },
  listPoints: { least: 'viewer', query: ({ service }) => ({ service, file: 'risk.ts' }) },
  getBuild: { least: 'viewer', id: 'build' },
  getSource: { least: 'viewer', query: ({ service }) => ({ service, file: 'risk.ts' }) },
  putSource: {
    least: 'debugger',
    query: ({ service }) => ({ service, file: 'risk.ts' }),
    body: () => ({ text: '' }),
  },
  searchSource: { least: 'viewer', query: ({ service }) => ({ service, text: 'score' }) },
  putManifest: { least: 'debugger', query: ({ service }) => ({ service }), body: () => ({}) },
  createProbe: { least: 'debugger', body: probeRequest },
  listProbes: { least: 'viewer', query: ({ service }) => ({ service }) },
  getProbe: { least: 'viewer', id: 'probe' },
  waitForProbe: { least: 'viewer', id: 'probe', query: () => ({ timeoutMs: '0' }) },
  extendProbe: { least: 'debugger', id: 'probe', body: () => ({ hits: 7 }) },
  duplicateProbe: { least: 'debugger', id: 'probe', body: () => ({}) },
  removeProbe: { least: 'debugger', id: 'probe' },
  saveTemplate: { least: 'debugger', id: 'template', body: ({ probe }) => ({ probe }) },
  listTemplates: { least: 'viewer' },
  getTemplate: { least: 'viewer', id: 'template' },
  placeTemplate: { least: 'debugger', id: 'template', body: () => ({}) },
  removeTemplate: { least: 'debugger', id: 'template' },
  createGroup: { least: 'debugger', body: () => ({ name: 'incident' }) },
  listGroups: { least: 'viewer' },
  getGroup: { least: 'viewer', id: 'group' },
  addToGroup: { least: 'debugger', id: 'group', body: ({ probe }) => ({ probes: [probe] }) },
  extendGroup: { least: 'debugger', id: 'group', body: () => ({ expiresInMs: 60_000 }) },
  endGroup: { least: 'debugger', id: 'group' },
  listCaptures: { least: 'viewer', query: ({ probe }) => ({ probe }) },
  getCapture: { least: 'viewer', id: 'capture' },
  compareCaptures: { least: 'viewer', id: 'capture', query: ({ capture }) => ({ to: capture }), grant: true },
  dryRun: { least: 'viewer', id: 'capture', body: () => ({ condition: 'score > 1' }), grant: true },
  getRetention: { least: 'viewer' },
  listImports: { least: 'viewer' },
  getImport: { least: 'viewer', id: 'import' },
  deleteImport: { least: 'debugger', id: 'import' },
  getMetrics: { least: 'viewer', query: ({ probe }) => ({ probe }) },
  listPolicies: { least: 'viewer' },
  getPolicy: { least: 'viewer', query: ({ service }) => ({ service }) },
  putPolicy: { least: 'admin', query: ({ service }) => ({ service }), body: () => ({ deny: [] }) },
  setKillSwitch: { least: 'admin', body: ({ service }) => ({ service, on: false }) },
  getOtlp: { least: 'admin' },
  putOtlp: { least: 'admin', body: () => ({ endpoint: 'http://127.0.0.1:9' }), grant: true },
  removeOtlp: { least: 'admin' },
  createWebhook: { least: 'admin', body: () => ({}) },
  listWebhooks: { least: 'admin' },
  testWebhook: { least: 'admin', id: 'webhook', body: () => ({}) },
  listDeliveries: { least: 'admin', id: 'webhook' },
  deleteWebhook: { least: 'admin', id: 'webhook' },
  listPlaces: { least: 'viewer' },
  createPlace: { least: 'beyond', body: ({ place }) => ({ place: sibling(place) }) },
  renamePlace: {
    least: 'admin',
    query: ({ place }) => ({ place }),
    body: ({ place }) => ({ name: last(place) }),
  },
  deletePlace: { least: 'admin', query: ({ place }) => ({ place }) },
  listTokens: { least: 'admin' },
  createToken: { least: 'admin', body: ({ place }) => ({ name: 'made', place }) },
  rotateToken: { least: 'admin', id: 'token', body: () => ({}) },
  revokeToken: { least: 'admin', id: 'token' },
  listBindings: { least: 'admin' },
  createBinding: { least: 'admin', body: ({ place, user }) => ({ user, place }) },
  deleteBinding: { least: 'admin', id: 'binding' },
  elevate: {
    least: 'beyond',
    body: ({ place }) => ({ environment: place, role: 'admin', reason: 'an incident' }),
  },
  listElevations: { least: 'viewer' },
  endElevation: { least: 'viewer', id: 'elevation' },
  getProfile: { least: 'viewer' },
  changePassword: { least: 'beyond', body: () => ({ present: 'x', next: 'y' }) },
  createOwnToken: { least: 'beyond', body: () => ({ name: 'own' }) },
  listOwnTokens: { least: 'viewer' },
  revokeOwnToken: { least: 'viewer', id: 'token' },
  listSessions: { least: 'viewer' },
  endSession: { least: 'viewer', id: 'token' },
  createConsoleLink: { least: 'viewer', body: () => ({}) },
  inviteUser: {
    least: 'admin',
    body: ({ place }) => ({ email: 'somebody@example.com', place, role: 'viewer', grants: [] }),
  },
  listUsers: { least: 'admin' },
  getUser: { least: 'admin', id: 'user' },
  changeUser: { least: 'admin', id: 'user', body: () => ({ name: 'other' }) },
  resetPassword: { least: 'admin', id: 'user', body: () => ({}) },
  listAudit: { least: 'admin' },
  getAuditHead: { least: 'beyond' },
  verifyAudit: { least: 'beyond' },
  dropAudit: { least: 'beyond', body: () => ({ sequence: 1, hash: '0'.repeat(64) }) },
};

const last = (place: string): string => place.split('/').at(-1)!;
const sibling = (place: string): string => place.replace(/[^/]+$/, 'sibling');

export interface Ask {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** The request of an operation about some ids. */
export function askFor(name: string, ids: Ids): Ask {
  const operation = OPERATIONS.find((one) => one.name === name)!;
  const { id, query, body } = EXPECTATIONS[name]!;
  const path = operation.path.replace(/:\w+/, id === undefined ? '' : encodeURIComponent(ids[id]));
  const search = query === undefined ? '' : `?${new URLSearchParams(query(ids))}`;
  return { method: operation.method, path: path + search, ...(body !== undefined && { body: body(ids) }) };
}

/** Whether a request names something that is of one environment or another. */
export const isAboutSomething = (name: string): boolean => {
  const { id, query, body } = EXPECTATIONS[name] ?? {};
  return id !== undefined || JSON.stringify([query?.(PROBING), body?.(PROBING)])?.includes('~') === true;
};

const PROBING = new Proxy({} as Ids, { get: () => '~' });
