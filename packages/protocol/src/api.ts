import type { Capture, CapturedCaller } from './capture.js';
import type { CapturedValue } from './value.js';
import type { Exits, FunctionKind, SkippedFile, WovenForm } from './manifest.js';
import type { AgentIdentity, BudgetReport, PolicyReport } from './messages.js';
import type { MetricFailure, MetricKind, SeriesName } from './metric.js';
import type { CaptureLimits, ProbeLimits, ProcessLimits } from './limits.js';
import type {
  HitsOf,
  LogDestination,
  LogLevel,
  Pause,
  ProbeEvent,
  ProbeKind,
  ProbeReport,
  ProbeRequest,
  ProbeTarget,
  ResolvedLocation,
  VerdictRule,
  Within,
} from './probe.js';
import type { RedactionRules } from './redaction.js';

/** The bodies of the HTTP API under {@link API_PREFIX}; `/api/v1/openapi.json` describes the same. Times are ms since 1970. */

export const API_PREFIX = '/api/v1';

export interface AgentView extends AgentIdentity {
  readonly connected: boolean;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** What it said of its policy, while it is connected. */
  readonly policy?: PolicyReport & {
    /** The revision that it should have. */
    readonly wanted: number;
  };
  /** While all its probes rest. */
  readonly pause?: Pause;
  /** While its probes are switched off. */
  readonly killed?: KillView;
}

/** `GET /agents?service=&buildId=&version=&tag=&connected=&limit=` → `{ agents: AgentDetail[], total: number }`; `GET /agents/:instance`. */
export interface AgentDetail extends AgentView {
  /** Of those connected to the collector that answers: all its probes added up, as it said last. */
  readonly probes?: AgentProbes;
  readonly budget?: BudgetReport;
  /** Each of its probes; only where one process is asked for. */
  readonly reports?: readonly ProbeReport[];
}

/** The probes of one process, counted by where they stand, and their accounts added up. */
export interface AgentProbes extends Pick<
  ProbeReport,
  'seen' | 'matched' | 'captured' | 'skipped' | 'dropped' | 'incomplete'
> {
  /** Those that it was told of. */
  readonly told: number;
  readonly armed: number;
  /** They wait for their file, or have not been heard of yet. */
  readonly waiting: number;
  readonly disarmed: number;
  /** Of the armed ones, those that rest. */
  readonly resting: number;
}

/** Whose kill switch is on, the widest first. */
export interface KillView {
  readonly by: 'everything' | 'service' | 'pool' | 'instance' | 'process';
  /** Why, in the words of whoever did it; a program gives none. */
  readonly reason?: string;
  readonly since?: number;
}

export interface BuildView {
  readonly buildId: string;
  readonly service: string;
  readonly commit?: string;
  readonly files: number;
  readonly functions: number;
  readonly points: number;
  readonly skipped: number;
}

/** `GET /services` → `{ services: ServiceView[] }` */
export interface ServiceView {
  readonly service: string;
  readonly agents: readonly AgentView[];
  readonly builds: readonly BuildView[];
  /** While its probes are switched off, or all. */
  readonly killed?: KillView;
}

/** `GET /builds/:id`; also the answer to `PUT /manifests?service=`, whose body is a manifest. */
export interface BuildOutline {
  readonly buildId: string;
  readonly commit?: string;
  readonly weaver: string;
  readonly contract: number;
  /** Services seen with this build. */
  readonly services: readonly string[];
  readonly files: readonly {
    readonly output: string;
    readonly sources: readonly string[];
    readonly functions: number;
    readonly points: number;
  }[];
  readonly skipped: readonly SkippedFile[];
}

/** `GET /points?service=&file=&line=&buildId=` → `{ points: PointView[] }`; without `line`, all points of the file; without `buildId`, of the newest build that has it. */
export interface PointView {
  readonly buildId: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly function: string;
  readonly kind: FunctionKind;
  readonly form: WovenForm;
  /** `this` first where the point has it, then locals, then outers. */
  readonly variables: readonly string[];
}

/** `GET /functions?service=&file=&search=&limit=` → `{ functions: FunctionView[], total: number }`, of the build that runs now. */
export interface FunctionView {
  readonly buildId: string;
  readonly file: string;
  readonly function: string;
  readonly kind: FunctionKind;
  readonly form: WovenForm;
  readonly async: boolean;
  readonly exits: Exits;
  readonly line: number;
  readonly endLine: number;
  /** Those that have points, ascending. */
  readonly lines: readonly number[];
  /** Parameters first, then all that any of its points knows. */
  readonly variables: readonly string[];
}

/** `GET /files?service=&buildId=` → `{ buildId: string, files: FileView[] }`; without `buildId`, of the build that runs now. */
export interface FileView {
  /** Original source. */
  readonly file: string;
  readonly functions: number;
  readonly points: number;
  /** Whether its text was published, and can be shown. */
  readonly published: boolean;
  /** SHA-256 of the text that was woven, hexadecimal; absent where the weaver did not have it. */
  readonly hash?: string;
}

/** `GET /sources?service=&file=&buildId=`; also the answer to `PUT /sources?service=&file=&buildId=`, whose body is `{ text }`. */
export interface SourceView {
  readonly buildId: string;
  readonly file: string;
  readonly text: string;
}

/** `GET /sources/search?service=&text=&buildId=&limit=`: the lines of published sources that have a text, in any case. */
export interface SourceSearchView {
  readonly buildId: string;
  /** By file and line. */
  readonly lines: readonly SourceLineView[];
  /** Whether all that were published have been looked through, and all that was found is here. */
  readonly complete: boolean;
  /** Sources of the build that nobody has published. */
  readonly unpublished: number;
}

export interface SourceLineView {
  readonly file: string;
  readonly line: number;
  /** Of the first place in the line. */
  readonly column: number;
  /** Of a long line what is around that place. */
  readonly text: string;
}

/** `POST /probes` → 201 and one of these; `GET /probes` → `{ probes: ProbeView[] }`; `GET /probes/:id`; `DELETE /probes/:id` → the view as it ended. */
export interface ProbeView {
  readonly id: string;
  readonly kind: ProbeKind;
  readonly service: string;
  /** As resolved: whole path, line and column of the point. */
  readonly location: ResolvedLocation;
  readonly until?: ResolvedLocation;
  readonly within?: Within;
  readonly on: ProbeEvent;
  /** Name of the function that holds the point. */
  readonly function: string;
  readonly condition?: string;
  readonly watches: readonly string[];
  readonly callers?: number;
  readonly template?: string;
  readonly level?: LogLevel;
  readonly to?: LogDestination;
  readonly expect?: string;
  readonly verdict?: VerdictRule;
  readonly value?: string;
  readonly by?: string;
  readonly keys?: number;
  readonly name?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly includes?: readonly PathFunctionView[];
  readonly steps?: number;
  readonly target: ProbeTarget;
  readonly limits: ProbeLimits;
  readonly hitsOf?: HitsOf;
  readonly capture: CaptureLimits;
  readonly owner?: string;
  readonly group?: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** `active` until it is removed, expires, reaches its hits or fails everywhere. */
  readonly state: 'active' | 'ended';
  /** `budget`: it took too much of its canary, or of the time of all probes there. */
  readonly endCause?: 'removed' | 'expired' | 'hitLimit' | 'verdict' | 'error' | 'budget';
  readonly endedAt?: number;
  /** Captures stored; of metrics the hits that were added up; of logs that go to processes only, those written there. */
  readonly hits: number;
  /** Builds of the service the probe could not be placed in, with the reason. */
  readonly unplaced: readonly { readonly buildId: string; readonly reason: string }[];
  /** While it is active and its target has a share or a canary. */
  readonly rollout?: RolloutView;
  /** While it is active and the probes of its service, or all, are switched off. */
  readonly killed?: KillView;
  /** The latest report of each process. */
  readonly agents: readonly (ProbeReport & { readonly instance: string })[];
}

/** `POST /probes/:id/extend`: other limits, what is missing stays. `expiresInMs` counts from now. */
export type ProbeExtension = Partial<ProbeLimits>;

/** `POST /groups` → 201 and a {@link GroupView}. */
export interface GroupRequest {
  /** What it is about, for people. */
  readonly name: string;
  /** Default: an hour. */
  readonly expiresInMs?: number;
  readonly owner?: string;
}

/**
 * A debug session: its probes live and end together. `GET /groups` → `{ groups: GroupView[] }`, `GET /groups/:id`,
 * `POST /groups/:id/probes` with `{ probes: ids }`, `POST /groups/:id/extend` with `{ expiresInMs }`, `DELETE /groups/:id`.
 */
export interface GroupView {
  readonly id: string;
  readonly name: string;
  readonly owner?: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly state: 'active' | 'ended';
  readonly endCause?: 'removed' | 'expired';
  readonly endedAt?: number;
  /** All of its probes, newest first. */
  readonly probes: readonly string[];
  /** Those of them that have not ended. */
  readonly active: number;
  /** Of all of them. */
  readonly hits: number;
}

/** A value of a template's parameter. A text may stand for a number or a boolean. */
export type TemplateValue = string | number | boolean;

export interface TemplateParameter {
  /** In expressions texts become literals; only an `expression` is written as it is. */
  readonly type: 'text' | 'number' | 'boolean' | 'expression';
  readonly description?: string;
  readonly default?: TemplateValue;
}

/** `PUT /templates/:name` → the {@link TemplateView} of a new version. */
export interface TemplateRequest {
  readonly description?: string;
  /** A {@link ProbeRequest} with `@{parameter}` in its texts; alone, also in place of numbers. */
  readonly request?: Readonly<Record<string, unknown>>;
  /** Instead: the request of this probe. */
  readonly probe?: string;
  readonly parameters?: Readonly<Record<string, TemplateParameter>>;
  /** Of the version that this one follows, 0 for none; where another one does already, the request is refused. */
  readonly version?: number;
}

/** `GET /templates` → `{ templates: TemplateView[] }`, the latest of each; `GET /templates/:name?version=`; `DELETE /templates/:name`. */
export interface TemplateView {
  readonly name: string;
  /** From 1. */
  readonly version: number;
  readonly description?: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, TemplateParameter>>;
  /** Of its probes, if it is always the same. */
  readonly service?: string;
  readonly savedBy: string;
  readonly createdAt: number;
}

/** `POST /templates/:name/place` → 201 and a {@link ProbeView}. */
export interface PlaceTemplateRequest {
  /** Default: the latest. */
  readonly version?: number;
  readonly values?: Readonly<Record<string, TemplateValue>>;
  /** A JSON merge patch of the request, as it is with all values. */
  readonly changes?: Readonly<Record<string, unknown>>;
}

/** `GET /probes/:id/wait?armed=&answered=&hits=&timeoutMs=` */
export interface WaitView {
  /** Why the wait is over: what was waited for, or the probe has ended, or the time is over. */
  readonly reason: 'armed' | 'answered' | 'hits' | 'ended' | 'timeout';
  readonly probe: ProbeView;
}

/** A function that a path follows besides its own. */
export interface PathFunctionView {
  readonly function: string;
  readonly location: ResolvedLocation;
}

/** Which of the processes that a probe matches have it now. */
export interface RolloutView {
  readonly instances: readonly string[];
  /** `canary`: one tries it out. */
  readonly stage: 'canary' | 'all';
  /** When the others follow, unless there is trouble. */
  readonly widensAt?: number;
  /** The canary's last trouble, in words. */
  readonly trouble?: string;
}

/** What a policy says besides its kill switch: the body of `PUT /policy?service=`. What is missing is nothing. */
export interface PolicyRequest {
  /** Files and functions that may never be probed. */
  readonly deny?: readonly string[];
  readonly redaction?: Partial<RedactionRules>;
  /** What its processes' own limits are lowered to. */
  readonly limits?: Partial<ProcessLimits>;
  /** Of the policy that this one replaces; where it has changed meanwhile, the request is refused. */
  readonly revision?: number;
}

/** Processes by what they say of themselves: every field given must match. Those that come later belong to it too. */
export type PolicyPool = Pick<ProbeTarget, 'version' | 'buildId' | 'commit' | 'tags'>;

/** `PUT /kill-switch`: of a process, of a pool, of a service, or of everything. */
export interface KillSwitchRequest {
  readonly on: boolean;
  /** To switch on, a reason is needed. */
  readonly reason?: string;
  readonly service?: string;
  readonly instance?: string;
  /** Of the service, or of all. */
  readonly pool?: PolicyPool;
}

/** `GET /policies` → `{ policies: PolicyView[] }`; `GET /policy?service=`, without `service` that of everything. */
export interface PolicyView {
  /** None of them: of everything. What is of everything, of a service, of pools and of a process adds up. */
  readonly service?: string;
  readonly instance?: string;
  readonly pool?: PolicyPool;
  /** 0 while there is none. */
  readonly revision: number;
  readonly changedAt?: number;
  readonly kill?: { readonly reason: string; readonly since: number };
  readonly deny: readonly string[];
  /** Entries of the deny list that match nothing in the builds that run now. */
  readonly unmatched: readonly string[];
  readonly redaction: RedactionRules;
  readonly limits: Partial<ProcessLimits>;
  /** The connected processes that it is for. */
  readonly processes: PolicyProcesses;
}

/** Which processes have a policy. */
export interface PolicyProcesses {
  readonly connected: number;
  /** Those of them that have said that they have all of their policy, as it stands now. */
  readonly current: number;
  /** Some of the others, at most {@link LIMITS.policyProcesses}. */
  readonly behind: readonly PolicyProcessView[];
}

export interface PolicyProcessView extends PolicyReport {
  readonly instance: string;
  readonly service: string;
}

/**
 * `GET /captures?probe=&service=&group=&order=&after=&limit=` and more to search by → `{ captures: CaptureView[], next?: string, scope:
 * SearchScope }`, oldest first unless `order=newest`; `after` takes a `cursor`. `GET /captures/:id`.
 */
export interface CaptureView extends Omit<Capture, 'trail'> {
  /** Snapshots with callers: those of the stack's frames whose variables are certainly known, the innermost first. */
  readonly callers?: readonly CapturedCaller[];
  /** Order of arrival at the collector; opaque. */
  readonly cursor: string;
  readonly service: string;
  readonly instance: string;
  readonly buildId?: string;
  readonly location: ResolvedLocation;
  readonly function: string;
  readonly receivedAt: number;
  /** Values that the collector hid when it arrived, because the process had not. */
  readonly hidden?: number;
  /** It is from a file, and not of a process that was seen here. */
  readonly imported?: ImportedFrom;
  /** The caller may not read values: they are replaced by their types. */
  readonly withheld?: 'values';
}

export interface ImportedFrom {
  readonly import: string;
  /** The capture's own id, where it was made. */
  readonly id: string;
}

/** How far a search has looked: what is not among its captures may be beyond. */
export interface SearchScope {
  /** Captures that were looked at. */
  readonly examined: number;
  /** Of these, those that could not be told, because what would tell is redacted or was not captured. */
  readonly undecided: number;
  /** Whether there is nothing beyond; if there is, `next` goes on. */
  readonly complete: boolean;
  /** When the last one arrived that was looked at. */
  readonly reached?: number;
}

/** `GET /captures/:id/differences?to=`: what another capture has otherwise. */
export interface CaptureComparison {
  readonly from: string;
  readonly to: string;
  readonly differences: readonly CaptureDifference[];
  /** Differences beyond those that are shown. */
  readonly more: number;
  /** Values that are the same in both. Times, ids and counts are not compared. */
  readonly same: number;
}

export interface CaptureDifference {
  /** `order.items[0].sku`, as searches and watches write it. */
  readonly path: string;
  /** `unknown`: it cannot be told, because one of them does not show it. */
  readonly kind: 'added' | 'removed' | 'changed' | 'unknown';
  readonly from?: ValueGist;
  readonly to?: ValueGist;
  /** Of what is unknown. */
  readonly why?: string;
}

/** A value on one line: texts are quoted, objects shown by their keys. */
export interface ValueGist {
  readonly type: CapturedValue['type'];
  readonly text: string;
}

/** `GET /retention`: what is kept, and for how long. */
export interface RetentionView {
  /** Captures of hits. */
  readonly captures: KeptView;
  /** Windows of metrics. */
  readonly windows: KeptView;
  /** What is deleted beyond; what is missing has no limit. */
  readonly limits: {
    readonly captures?: number;
    readonly windows?: number;
    /** Of captures of hits. */
    readonly bytes?: number;
    readonly days: number;
  };
}

export interface KeptView {
  readonly count: number;
  readonly bytes: number;
  /** When the oldest arrived. */
  readonly oldest?: number;
}

/** `POST /captures/:id/dry-run` → a {@link DryRunView}: expressions as a probe at the same place would have them. */
export type DryRunRequest = Pick<ProbeRequest, 'condition' | 'expect' | 'watches' | 'template'>;

/** What an expression comes to over the values of a capture: a value, an error, or what could not be known. */
export interface DryRunOutcome {
  readonly source: string;
  readonly value?: CapturedValue;
  /** Why it would have failed in the process, too. */
  readonly error?: string;
  readonly unknown?: DryRunGap;
}

/** A value that the expression came to and that the capture does not show. */
export interface DryRunGap {
  readonly path: string;
  /** `redacted`; `absent`: it may be a property of its class; `cut`: what lists keys needs all of them; what the capture says of it. */
  readonly reason: string;
}

export interface DryRunView {
  readonly capture: string;
  readonly condition?: DryRunOutcome;
  readonly expect?: DryRunOutcome;
  readonly watches?: readonly DryRunOutcome[];
  /** Of a template: the text, in which what is not known says so, and its expressions. */
  readonly message?: string;
  readonly template?: readonly DryRunOutcome[];
}

/** `GET /metrics?probe=&from=&to=`: the windows of all processes that ended between two times, added up. */
export interface MetricsView {
  readonly probe: string;
  readonly kind: MetricKind;
  /** Of the first and the last window; absent where there is none. */
  readonly from?: number;
  readonly to?: number;
  readonly windows: number;
  /** The processes they are from. */
  readonly instances: readonly string[];
  /** Largest count first, as many as the probe has keys; the series of all others last. */
  readonly series: readonly MetricSeriesView[];
  readonly failed: Partial<Record<MetricFailure, number>>;
  /** The caller may not read values, and keys are values. */
  readonly withheld?: 'values';
}

/** Added up of {@link MetricNumbers}. */
export interface MetricNumbersView {
  readonly count: number;
  readonly sum?: number;
  readonly mean?: number;
  readonly min?: number;
  readonly max?: number;
  /** The last number of the latest window. */
  readonly last?: number;
  /** Of numbers with a distribution: known to 1 %. */
  readonly quantiles?: { readonly p50: number; readonly p90: number; readonly p99: number };
}

export interface MetricSeriesView extends SeriesName, MetricNumbersView {
  /** Durations of async functions: of each call's time the part that it ran, and the part that it waited. */
  readonly running?: MetricNumbersView;
  readonly awaiting?: MetricNumbersView;
}

/**
 * `GET /stream?probe=&service=&group=&after=`: server-sent events, `event: capture` with a {@link CaptureView} and
 * `event: probe` with a {@link ProbeView} at every change of state; `id:` is the cursor, so `Last-Event-ID` resumes.
 */
export type StreamEvent =
  | { readonly event: 'capture'; readonly data: CaptureView }
  | { readonly event: 'probe'; readonly data: ProbeView };
