import type { ProbeExtension, ProbeKind, ProbeRequest } from '@dormouse/protocol';
import type { Caller } from '../auth/caller.js';
import type { Grant } from '../auth/permissions.js';
import { CollectorError } from '../collector-error.js';
import { standardLimits } from './limits.js';

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
  const { limits, capture } = standardLimits(kind);
  requireStandard('limits.', request.limits, limits, service, caller);
  requireStandard('capture.', request.capture, capture, service, caller);
}

/** The same of other limits for a probe that there is. @throws {CollectorError} FORBIDDEN */
export function requireExtensionPermitted(
  { kind, service }: { readonly kind: ProbeKind; readonly service: string },
  asked: ProbeExtension,
  caller: Caller,
): void {
  requireStandard('', asked, standardLimits(kind).limits, service, caller);
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
