import type { CaptureView, ProbeView, WebhookDelivery } from '@dormouse/protocol';

/** Something that a webhook may be told of, once. */
export interface Happening {
  /** The same whenever the same is met again: letters, digits, `-` and `_`. */
  readonly id: string;
  readonly type: WebhookDelivery['type'];
  readonly service: string;
  readonly probe: string;
  /** Of the event that it was met in. */
  readonly cursor: number;
  /** ms since 1970. */
  readonly at: number;
  /** What is told: never a captured value. */
  readonly data: Readonly<Record<string, unknown>>;
  /** What is told besides to those who want captured values. */
  readonly values?: Readonly<Record<string, unknown>>;
}

/** A hit; what a metric has counted is none. */
export function eventOfCapture(capture: CaptureView): Happening | undefined {
  if (capture.metric !== undefined) return undefined;
  const { id, probe, kind, service, instance, buildId, location, at, hit, traceId, spanId } = capture;
  return {
    id: `hit-${id}`,
    type: 'probe.hit',
    service,
    probe,
    cursor: Number(capture.cursor),
    at,
    data: {
      capture: id,
      probe,
      kind,
      service,
      instance,
      ...(buildId !== undefined && { buildId }),
      location,
      function: capture.function,
      at,
      hit,
      ...(traceId !== undefined && { traceId }),
      ...(spanId !== undefined && { spanId }),
    },
    values: { evidence: capture },
  };
}

/** What a probe has come to, as far as it can be told by now. */
export function eventsOfProbe(view: ProbeView, cursor: number): Happening[] {
  const { id: probe, kind, service, location, state, endCause, endedAt, hits, agents } = view;
  const common = { probe, kind, service, location, function: view.function };
  const event = (
    type: WebhookDelivery['type'],
    id: string,
    at: number,
    data: Happening['data'],
  ): Happening => ({ id, type, service, probe, cursor, at, data: { ...common, ...data } });

  const verdicts = agents.flatMap(({ instance, check }) =>
    check?.verdict === undefined
      ? []
      : [event('probe.verdict', `verdict-${probe}-${instance}`, Date.now(), { instance, ...check })],
  );
  const pauses = agents.flatMap(({ instance, pause }) => {
    if (pause === undefined) return [];
    // All probes of a process rest together, unless one of them has taken too much by itself.
    const whose = pause.cause === 'probeCpuBudget' ? `${probe}-${instance}` : instance;
    return [event('probe.paused', `paused-${whose}-${pause.since}`, pause.since, { instance, ...pause })];
  });
  const end =
    state === 'ended' && endedAt !== undefined
      ? [event('probe.ended', `ended-${probe}`, endedAt, { cause: endCause, endedAt, hits })]
      : [];
  return [...verdicts, ...pauses, ...end];
}
