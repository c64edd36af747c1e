import type {
  CaptureLimits,
  CompiledExpression,
  HitsOf,
  LogDestination,
  LogLevel,
  MetricCommand,
  NamedExpression,
  ProbeEvent,
  ProbeKind,
  ProbeLimits,
  ProbeTarget,
  ResolvedLocation,
  VerdictRule,
  Within,
} from '@dormouse/protocol';

/** A probe as it is stored: checked and resolved against one build, from which the others follow. */
export interface ProbeDefinition {
  readonly id: string;
  readonly kind: ProbeKind;
  readonly service: string;
  readonly location: ResolvedLocation;
  readonly on: ProbeEvent;
  readonly anchor: Anchor;
  /** A second line, at which what began at the first one ends. */
  readonly until?: DefinedPlace;
  readonly within?: Within;
  /** Paths: the other functions they follow, and how many steps a recording has at most. */
  readonly includes?: readonly DefinedPlace[];
  readonly steps?: number;
  readonly condition?: CompiledExpression;
  readonly watches: readonly CompiledExpression[];
  /** Snapshots: calls on the way to a hit that show their variables too. */
  readonly callers?: number;
  readonly template?: Template;
  readonly level: LogLevel;
  /** Logs. */
  readonly to?: LogDestination;
  readonly expect?: CompiledExpression;
  readonly verdict?: VerdictRule;
  readonly metric?: MetricCommand;
  /** Spans: what it is called. */
  readonly name?: string;
  /** Spans and tags. */
  readonly attributes?: readonly NamedExpression[];
  readonly target: ProbeTarget;
  readonly limits: ProbeLimits;
  readonly hitsOf?: HitsOf;
  readonly capture: CaptureLimits;
  readonly owner?: string;
  /** Its id: the probe lives no longer than that. */
  readonly group?: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** With a canary: when the others were allowed to follow. */
  readonly widenedAt?: number;
}

/** A log's text, with what it was parsed to. */
export interface Template {
  readonly text: string;
  readonly parts: readonly (string | CompiledExpression)[];
}

/** A place with what is needed to find it in other builds. */
export type DefinedPlace = Pick<ProbeDefinition, 'location' | 'anchor'>;

/** What the place looked like in the build it was resolved against, to find it again in another. */
export interface Anchor {
  /** SHA-256 of the source; empty where it was not known. */
  readonly hash: string;
  readonly function: string;
  /** Where the function starts. */
  readonly functionLine: number;
  /** The points of the function, see `fingerprint`. */
  readonly fingerprint: string;
  /** Of a line: what stands for its text, where that is known. */
  readonly text?: number;
}

/** The expressions of a probe that are read at its place. */
export function expressionsOf({
  condition,
  expect,
  watches,
  template,
  metric,
  attributes = [],
}: ProbeDefinition): CompiledExpression[] {
  const embedded = (template?.parts ?? []).filter((part) => typeof part !== 'string');
  const named = attributes.map(({ expression }) => expression);
  const single = [condition, expect, metric?.value].filter((one) => one !== undefined);
  return [...single, ...watches, ...embedded, ...named];
}

/** Those that are read at its second place, where it has one: the key of a metric. */
export const keysOf = ({ metric }: ProbeDefinition): CompiledExpression[] =>
  metric?.by === undefined ? [] : [metric.by];
