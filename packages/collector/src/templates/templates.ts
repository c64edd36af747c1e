import type { PlaceTemplateRequest, ProbeView, TemplateRequest, TemplateView } from '@dormouse/protocol';
import type { Caller } from '../auth/caller.js';
import { CollectorError } from '../collector-error.js';
import type { Core } from '../core.js';
import { nearestNames } from '../nearest.js';
import { mergePatch } from '../probes/merge-patch.js';
import { requestOf } from '../probes/request-of.js';
import { parse } from '../schemas/parse.js';
import { probeRequest } from '../schemas/probe.js';
import type { StoredTemplate } from '../storage/contract/templates.js';
import { fill, parametersOf } from './fill.js';
import { resolveValues, samples, typed } from './values.js';

type Needs = Pick<Core, 'storage' | 'probes'>;

/**
 * Stores a new version of a template, or the first one. Who may place probes of some services only saves templates of those.
 * @throws {CollectorError} INVALID_REQUEST, NOT_FOUND, FORBIDDEN, UNKNOWN_SERVICE, CONFLICT
 */
export async function saveTemplate(
  { storage, probes }: Needs,
  name: string,
  { request, probe, parameters = {}, description, version }: TemplateRequest,
  caller: Caller,
): Promise<TemplateView> {
  const source = probe === undefined ? undefined : await probes.requireOwn(probe, 'probes:read', caller);
  const saved = request ?? (source && requestOf(source.definition));
  if (saved === undefined || (request !== undefined && probe !== undefined))
    throw new CollectorError('INVALID_REQUEST', 'A template is made of a request, or of a probe.', {
      path: 'request',
    });
  requireDeclared(saved, parameters);
  for (const [of, { type, default: value }] of Object.entries(parameters))
    if (value !== undefined) typed(of, type, value);
  parse(probeRequest, fill(saved, samples(parameters)));
  const template = {
    name,
    ...(description !== undefined && { description }),
    request: { ...saved },
    parameters,
    savedBy: caller.name,
    createdAt: Date.now(),
  };
  requireChangeable(template, caller, unknownService);

  const latest = await storage.templates.find(name);
  if (latest !== undefined) requireChangeable(latest, caller, notSeen);
  const stored = await storage.templates.save(template, version ?? latest?.version ?? 0);
  if (stored !== undefined) return viewTemplate(stored);
  throw new CollectorError('CONFLICT', `${name} has a newer version than ${version ?? 0}. Read it again.`, {
    path: 'version',
  });
}

/** The latest version of each, by name. */
export async function listTemplates({ storage }: Needs): Promise<TemplateView[]> {
  return (await storage.templates.list()).map(viewTemplate);
}

/** Without a version, the latest. @throws {CollectorError} NOT_FOUND */
export async function getTemplate(
  { storage }: Needs,
  name: string,
  version: number | undefined,
  caller: Caller,
): Promise<TemplateView> {
  const template = await storage.templates.find(name, version);
  if (template !== undefined && isSeen(template, caller)) return viewTemplate(template);
  const seen = (await storage.templates.list()).filter((one) => isSeen(one, caller));
  const names = seen.map((one) => one.name);
  const isOther = version !== undefined && names.includes(name);
  throw new CollectorError(
    'NOT_FOUND',
    isOther
      ? `${name} has no version ${version}.`
      : `There is no template ${name}. GET /templates lists them.`,
    { path: isOther ? 'version' : 'name', ...(!isOther && { suggestions: nearestNames(name, names) }) },
  );
}

/** @throws {CollectorError} NOT_FOUND, INVALID_REQUEST, FORBIDDEN, and what placing a probe does */
export async function placeTemplate(
  core: Needs,
  name: string,
  { version, values = {}, changes = {} }: PlaceTemplateRequest,
  caller: Caller,
): Promise<ProbeView> {
  const { request, parameters } = await getTemplate(core, name, version, caller);
  const filled = fill(request, resolveValues(parameters, values));
  const asked = parse(probeRequest, mergePatch(filled, changes));
  requireService(caller, asked.service);
  return core.probes.create(asked, caller);
}

/** Of all versions the latest, as it was. @throws {CollectorError} NOT_FOUND, FORBIDDEN */
export async function removeTemplate(core: Needs, name: string, caller: Caller): Promise<TemplateView> {
  const template = await getTemplate(core, name, undefined, caller);
  requireChangeable(template, caller, notSeen);
  await core.storage.templates.delete(name);
  return template;
}

/** A template of one service says which. */
function viewTemplate(template: StoredTemplate): TemplateView {
  const service = serviceOf(template);
  return { ...template, ...(service !== undefined && { service }) };
}

/** The service that a template is of, if that is no parameter of it. */
function serviceOf({ request: { service } }: Pick<StoredTemplate, 'request'>): string | undefined {
  return typeof service === 'string' && parametersOf(service).size === 0 ? service : undefined;
}

/** @throws {CollectorError} INVALID_REQUEST */
function requireDeclared(request: object, parameters: object): void {
  const used = parametersOf(request);
  const undeclared = [...used].find((name) => !Object.hasOwn(parameters, name));
  const unused = Object.keys(parameters).find((name) => !used.has(name));
  if (undeclared === undefined && unused === undefined) return;
  const message =
    undeclared === undefined
      ? `Nothing in the request is @{${unused}}.`
      : `The request has @{${undeclared}}, which is none of the parameters.`;
  throw new CollectorError('INVALID_REQUEST', message, { path: `parameters.${undeclared ?? unused}` });
}

function requireService(caller: Caller, service: string): void {
  if (caller.may('probes:write', { service })) return;
  throw new CollectorError('FORBIDDEN', `${caller.name} may not place probes of this template’s service.`);
}

/** Templates of any service are for everybody. */
function isSeen(template: StoredTemplate, caller: Caller): boolean {
  const service = serviceOf(template);
  return service === undefined || caller.may('probes:read', { service });
}

/**
 * Those of any service are changed by who may place probes in all of them.
 * @param refusal for a template of a service that is none of the caller's
 * @throws {CollectorError} FORBIDDEN, and the refusal
 */
function requireChangeable(
  template: Pick<StoredTemplate, 'name' | 'request'>,
  caller: Caller,
  refusal: (template: { readonly name: string }) => CollectorError,
): void {
  const service = serviceOf(template);
  if (caller.may('probes:write', service === undefined ? 'all' : { service })) return;
  if (service !== undefined) throw refusal(template);
  throw new CollectorError(
    'FORBIDDEN',
    `Template ${template.name} is for any service, and ${caller.name} may place probes in some only.`,
  );
}

const notSeen = ({ name }: { readonly name: string }): CollectorError =>
  new CollectorError('NOT_FOUND', `There is no template ${name} that you may change.`, { path: 'name' });

const unknownService = (): CollectorError =>
  new CollectorError('UNKNOWN_SERVICE', 'There is no such service that you may see.', {
    path: 'request.service',
  });
