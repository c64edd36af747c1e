import {
  METRIC_KINDS,
  type AgentIdentity,
  type DisarmCause,
  type ProbeKind,
  type ProbeReport,
} from '@dormouse/protocol';
import type { EndCause } from '../storage/contract/probes.js';
import type { Storage } from '../storage/contract/storage.js';
import type { Bell } from '../stream/bell.js';
import type { ActiveProbes } from './active-probes.js';
import type { ProbeDefinition } from './definition.js';
import { DoneTogether } from './done-together.js';

/** Causes that will not pass by themselves: a probe that ends so in every process is of no use. */
const FAILURES: ReadonlySet<DisarmCause | undefined> = new Set<DisarmCause>([
  'error',
  'unknownFile',
  'contractMismatch',
  'invalid',
]);

/** What they show is a sample: a check goes on counting, and a tag tagging, when they have shown enough. Metrics show all. */
const GOES_ON: ReadonlySet<ProbeKind> = new Set<ProbeKind>(['check', 'tag', ...METRIC_KINDS]);

/** Ends probes by what came of them: their hits, what processes say about them, their groups. */
export class Endings {
  readonly #storage: Storage;
  readonly #active: ActiveProbes;
  readonly #news: Bell;
  readonly #endings = new DoneTogether((id) => this.#whenOverEverywhere(id));
  readonly #counts = new DoneTogether((id) => this.#countReported(id));

  constructor(storage: Storage, active: ActiveProbes, news: Bell) {
    this.#storage = storage;
    this.#active = active;
    this.#news = news;
  }

  /** Notes what a process says about its probes. */
  async report({ service, instance }: AgentIdentity, reports: readonly ProbeReport[]): Promise<void> {
    const known = await this.#storage.probes.among(
      service,
      reports.map(({ id }) => id),
    );
    const changed = await this.#storage.probes.saveReports(
      instance,
      reports.filter(({ id }) => known.has(id)),
    );
    for (const report of reports) {
      const isOverBudget = this.#active.recipients.hear(instance, report);
      if (isOverBudget) await this.#active.end(report.id, 'budget');
    }
    const mayEnd = reports.filter(({ id, cause }) => {
      const probe = this.#active.get(id);
      return changed.includes(id) && probe !== undefined && overBy(probe, cause) !== undefined;
    });
    await Promise.all(mayEnd.map(({ id }) => this.#endings.ask(id)));
    const counted = reports.filter(({ id }) => this.#active.get(id)?.to === 'process');
    await Promise.all(counted.map(({ id }) => this.#counts.ask(id)));
    if (changed.length > 0) this.#news.ring();
  }

  /** Where all processes together have had the probe's hits. */
  async whenSpent(id: string, hits: number): Promise<void> {
    const probe = this.#active.get(id);
    if (probe === undefined || hits < probe.limits.hits || probe.hitsOf === 'each') return;
    if (!GOES_ON.has(probe.kind)) await this.#active.end(id, 'hitLimit');
  }

  /** A group that was ended while the probe came to it, or by a collector that was killed meanwhile, did not take it along. */
  async withGroup({ id, group }: ProbeDefinition): Promise<void> {
    const found = group === undefined ? undefined : await this.#storage.groups.find(group);
    if (found?.endedAt !== undefined) await this.#active.end(id, 'removed');
  }

  /** Once every connected process that was told of the probe has decided, had its own hits, or given it up. */
  async #whenOverEverywhere(id: string): Promise<void> {
    const probe = this.#active.get(id);
    if (probe === undefined) return;
    const told = await this.#active.recipients.told(probe);
    const reports = (await this.#storage.probes.reports([id])).get(id)!;
    const causes = new Map(reports.map(({ instance, cause }) => [instance, cause]));
    const ends = told.map((instance) => overBy(probe, causes.get(instance)));
    if (ends.length === 0 || ends.includes(undefined)) return;
    await this.#active.end(id, ends.find((end) => end !== 'error') ?? 'error');
  }

  /** Of logs that only processes get to see, they alone know how many there were. */
  async #countReported(id: string): Promise<void> {
    const reports = (await this.#storage.probes.reports([id])).get(id)!;
    const hits = reports.reduce((sum, { captured }) => sum + captured, 0);
    await this.#storage.probes.setHits(id, hits);
    await this.whenSpent(id, hits);
  }
}

/** How a probe ended in a process that has decided, has had all hits that are for each, or has given it up; nothing where it goes on. */
function overBy({ hitsOf }: ProbeDefinition, cause: DisarmCause | undefined): EndCause | undefined {
  if (cause === 'verdict' || (cause === 'hitLimit' && hitsOf === 'each')) return cause;
  return FAILURES.has(cause) ? 'error' : undefined;
}
