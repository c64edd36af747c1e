import { STANDARD_LIMITS, type ProbeExtension, type ProbeKind, type ProbeRequest } from '@dormouse/protocol';
import type { Caller } from '../auth/caller.js';
import type { Grant } from '../auth/permissions.js';
import { CollectorError } from '../collector-error.js';

/** Of groups for which no other was asked, ms. */
export const GROUP_LIFE_MS = 3_600_000;

/** Where a request may have expressions. */
const EXPRESSIONS = ['condition', 'watches', 'template', 'expect', 'value', 'by', 'attributes'] as const;

/**
 * What a probe asks for beyond what every debugger may: expressions, when an AI agent asks, and limits above the defaults.
 * @throws {CollectorError} FORBIDDEN, with the first field that takes a grant which the caller has not
 */
export function requirePermitted(request: ProbeRequest, caller: Caller): void {
  const { kind, service } = request;
  if (caller.isAgent) {
    const field = EXPRESSIONS.find((name) => request[name] !== undefined);
    if (field !== undefined) requireGrant(caller, 'agent-expressions', service, field);
  }
  const { limits, capture } = STANDARD_LIMITS[kind];
  requireStandard('limits.', request.limits, limits, service, caller);
  requireStandard('capture.', request.capture, capture, service, caller);
}

/** The same of other limits for a probe that there is. @throws {CollectorError} FORBIDDEN */
export function requireExtensionPermitted(
  { kind, service }: { readonly kind: ProbeKind; readonly service: string },
  asked: ProbeExtension,
  caller: Caller,
): void {
  requireStandard('', asked, STANDARD_LIMITS[kind].limits, service, caller);
}

/** The same of a group's life, in which probes of any service live. @throws {CollectorError} FORBIDDEN */
export function requireLifePermitted(expiresInMs: number, caller: Caller): void {
  if (expiresInMs <= GROUP_LIFE_MS || caller.has('raise-limits', 'all')) return;
  throw new CollectorError(
    'FORBIDDEN',
    `A group that lives longer than an hour takes the grant raise-limits, which ${caller.name} has not.`,
    { path: 'expiresInMs' },
  );
}

function requireStandard(
  at: string,
  asked: object | undefined,
  standard: object,
  service: string,
  caller: Caller,
): void {
  const raised = Object.entries(asked ?? {}).find(
    ([limit, value]) => value > ((standard as Record<string, number>)[limit] ?? 0),
  );
  if (raised !== undefined) requireGrant(caller, 'raise-limits', service, at + raised[0]);
}

function requireGrant(caller: Caller, grant: Grant, service: string, path: string): void {
  if (caller.has(grant, { service })) return;
  throw new CollectorError('FORBIDDEN', `${path} takes the grant ${grant}, which ${caller.name} has not.`, {
    path,
  });
}
