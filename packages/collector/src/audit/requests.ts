import { randomUUID } from 'node:crypto';
import type { AuditEntry, AuditOutcome, AuditValue } from '@dormouse/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CollectorError } from '../collector-error.js';
import type { PlaceId } from '../storage/contract/directory/places.js';
import type { Audit } from './audit.js';
import { doorOf } from './door.js';
import { recordedAs } from './recorded-as.js';
import { summaryOf } from './summary.js';
import { targetsOf } from './targets.js';

/** What is written down of a route's requests. */
export interface RecordedRoute {
  readonly operation: string;
  /**
   * `change`: known before it is done, and in the trail before it is answered; `read`, of captured values: in the trail
   * before it is answered; `nothing`: only that it was forbidden.
   */
  readonly as: 'change' | 'read' | 'nothing';
}

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly recorded?: RecordedRoute;
  }
  interface FastifyRequest {
    /** Of what is recorded, from when it is about to be done. */
    recording: Recording | null;
  }
}

interface Recording {
  readonly id: string;
  readonly since: number;
  readonly isIntended: boolean;
  /** What is about to be answered. */
  answer?: unknown;
  error?: Error;
}

/** Writes down what is asked through the routes that are added afterwards: one place for all of them, whoever asks. */
export function recordRequests(app: FastifyInstance, audit: Audit): void {
  const { trail } = audit;
  app.decorateRequest('recording', null);
  app.addHook('onRoute', (route) => {
    route.config = { recorded: recordedAs(route), ...route.config };
  });

  app.addHook('preHandler', async (request) => {
    const recorded = request.routeOptions.config.recorded;
    if (recorded === undefined || recorded.as === 'nothing') return;
    const isIntended = recorded.as === 'change';
    const recording: Recording = { id: randomUUID(), since: Date.now(), isIntended };
    if (isIntended) {
      const { organisation, entry } = recordOf(audit, request, recording, { outcome: 'unknown' });
      await trail.intend(organisation, recording.id, entry);
    }
    request.recording = recording;
  });

  app.addHook('preSerialization', async (request, reply, payload) => {
    if (request.recording !== null && reply.statusCode < 400) request.recording.answer = payload;
    return payload;
  });

  app.addHook('onError', async (request, _reply, error) => {
    const code = codeOf(error);
    // Who did not get in is written down where that is found out.
    if (request.caller === null) return;
    if (request.recording !== null) {
      request.recording.error = error;
    } else if (isTold(request, code)) {
      const recording = { id: randomUUID(), since: Date.now() };
      const { organisation, entry } = recordOf(audit, request, recording, failureOf(error));
      trail.note(organisation, entry);
    }
  });

  app.addHook('onSend', async (request, reply) => {
    const { recording } = request;
    if (recording === null) return;
    // What goes wrong from here on is answered as well, and comes here again.
    request.recording = null;
    const { organisation, entry } = recordOf(audit, request, recording, resultOf(recording, reply));
    if (entry.outcome === 'ok' || recording.isIntended) {
      await trail.record(organisation, entry, recording.isIntended ? recording.id : undefined);
    } else {
      trail.note(organisation, entry);
    }
  });
}

/** What was refused before it was about to be done: changes of any kind, and whatever is forbidden. */
function isTold(request: FastifyRequest, code: string): boolean {
  const recorded = request.routeOptions.config.recorded;
  return recorded !== undefined && (code === 'FORBIDDEN' || recorded.as === 'change');
}

type Result = Pick<AuditEntry, 'outcome' | 'code' | 'details'>;

/** What is written down of a request, and in which chain. */
export function recordOf(
  audit: Audit,
  request: FastifyRequest,
  { id, since, answer }: Pick<Recording, 'id' | 'since' | 'answer'>,
  result: Result,
): { readonly organisation: PlaceId; readonly entry: AuditEntry } {
  const { caller, headers, params, query, body } = request;
  const { organisation, environment } = audit.whereabouts(request);
  const entry = {
    at: since,
    caller: { kind: caller.kind, id: caller.id, name: caller.name, address: caller.address },
    door: doorOf(headers),
    operation: request.routeOptions.config.recorded!.operation,
    ...(environment !== undefined && { environment }),
    targets: targetsOf({ params, query, body, answer }),
    request: summaryOf({ params, query, body }),
    requestId: id,
    ...result,
  };
  return { organisation, entry };
}

function resultOf({ error, answer, isIntended }: Recording, reply: FastifyReply): Result {
  if (error !== undefined) return failureOf(error);
  if (reply.statusCode >= 400) return { outcome: 'failed' };
  const details = isIntended ? undefined : countsOf(answer);
  return { outcome: 'ok', ...(details !== undefined && { details }) };
}

function failureOf(error: Error): Result {
  const code = codeOf(error);
  const outcome: AuditOutcome = code === 'INTERNAL' ? 'failed' : 'refused';
  return { outcome, code };
}

function codeOf(error: Error): string {
  if (error instanceof CollectorError) return error.code;
  const { statusCode = 500 } = error as { readonly statusCode?: number };
  return statusCode < 500 ? 'INVALID_REQUEST' : 'INTERNAL';
}

/** How many there are in each list of an answer: what was read, without a word of it. */
function countsOf(answer: unknown): AuditValue | undefined {
  const lists = Object.entries((answer ?? {}) as object).filter(([, list]) => Array.isArray(list));
  if (lists.length === 0) return undefined;
  return Object.fromEntries(lists.map(([name, list]) => [name, (list as unknown[]).length]));
}
