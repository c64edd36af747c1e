import type { NameRules } from '@dormouse/expression/parse';
import type { Redaction } from '@dormouse/expression/redaction';
import type {
  ManifestFile,
  ManifestFunction,
  ManifestPoint,
  ProbeEvent,
  ProbeKind,
  Within,
} from '@dormouse/protocol';
import { namesOf, variablesAt, type IndexedPoint } from '../builds/build-index.js';

/** The place of a probe in one build: a point, or a function whose calls are waited for. */
export interface Spot {
  readonly file: ManifestFile;
  readonly fn: ManifestFunction;
  readonly point: ManifestPoint | undefined;
}

/** The names that expressions may read there. */
export function variablesOf(spot: Spot): string[] {
  if (isLine(spot)) return variablesAt(spot);
  const parameters = namesOf(spot.file, spot.fn.parameters);
  return hasSelf(spot.fn) ? ['this', ...parameters] : parameters;
}

/** What expressions may read at a spot, and what is secret there: by comments in the source, and by rules. */
export interface Scope {
  readonly variables: readonly string[];
  readonly rules: NameRules;
}

export const scopeOf = (spot: Spot, redaction: Redaction): Scope => ({
  variables: variablesOf(spot),
  rules: {
    redaction,
    secrets: namesOf(spot.file, spot.file.secrets ?? []),
    secretProperties: namesOf(spot.file, spot.file.secretProperties ?? []),
  },
});

export function isLine(spot: Spot): spot is IndexedPoint {
  return spot.point !== undefined;
}

/** Whether a call's begin knows `this`: not so in arrow functions, nor before `super()`. */
export function hasSelf({ points }: ManifestFunction): boolean {
  return points.length > 0 && points.every((point) => point.self);
}

/** Where the spot starts in its source. */
export function positionOf({ fn, point }: Spot): { readonly line: number; readonly column: number } {
  const { line, column } = point ?? fn;
  return { line, column };
}

/** What a probe waits for. */
interface Waiting {
  readonly kind: ProbeKind;
  readonly on: ProbeEvent;
  readonly until?: object | undefined;
  readonly within?: Within | undefined;
}

/** Whether a probe has two lines, and follows each call from one to the other. */
export const staysInCall = ({ kind, until, within = 'call' }: Omit<Waiting, 'on'>): boolean =>
  until !== undefined && (kind === 'span' || (kind === 'tictoc' && within === 'call'));

/**
 * Whether a second line is where the probe can come to it.
 * @param functions whose calls the probe follows
 */
export const isFollowed = (
  until: Spot,
  probe: Omit<Waiting, 'on'>,
  functions: readonly Pick<Spot, 'fn'>[],
): boolean => !(staysInCall(probe) || probe.kind === 'path') || functions.some(({ fn }) => fn === until.fn);

/** In one sentence, why a probe there would wait in vain; nothing where it would not. */
export function whyUnseen({ fn }: Spot, probe: Waiting): string | undefined {
  const needsCalls = probe.on !== 'line' || staysInCall(probe);
  if (!needsCalls || fn.exits !== 'none') return undefined;
  return `${fn.name} does not tell of its calls: only its lines can be probed.`;
}
