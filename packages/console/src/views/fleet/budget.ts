import type { AgentDetail } from '@dormouse/protocol';
import { count, grouped, short } from '../../words/number.js';
import { roughly } from '../../words/time.js';
import type { ProcessRow } from './processes.svelte.js';

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** Less of a main thread than this is not told apart. */
const LEAST_SHARE = 0.0001;

/** It is not known yet what probes take. */
const UNKNOWN = '–';

/** What its probes take of a process: `0.12 %` of its main thread; `idle` while none is armed. */
export function overheadInWords({ agent, overhead }: ProcessRow): string {
  if (!agent.connected) return '';
  if ((agent.probes?.armed ?? 0) === 0) return 'idle';
  if (overhead === undefined) return UNKNOWN;
  return overhead > 0 && overhead < LEAST_SHARE ? `< ${percent(LEAST_SHARE)}` : percent(overhead);
}

/** `3 armed, 1 rests`; what a process last said of its probes. */
export function probesInWords({ probes }: AgentDetail): string {
  if (probes === undefined || probes.told === 0) return 'none';
  const { armed, waiting, resting } = probes;
  return [
    `${grouped(armed)} armed`,
    ...(resting === 0 ? [] : [count(resting, 'rests', 'rest')]),
    ...(waiting === 0 ? [] : [count(waiting, 'waits', 'wait')]),
  ].join(', ');
}

/** One thing that is bounded: what was taken of it, and how much may be. */
export interface BudgetLine {
  readonly what: string;
  readonly taken: string;
  readonly atMost: string;
}

export function budgetLines(row: ProcessRow): readonly BudgetLine[] {
  const { budget } = row.agent;
  const overhead = overheadInWords(row);
  if (budget === undefined) return [];
  const { limits, spentMs, captures, bytes } = budget;
  const { cpuShare, hitsPerSecond, bytesPerSecond, loopDelayMs, orphanMs, lifetimeHits, lifetimeBytes } =
    limits;
  return [
    {
      what: 'Main thread',
      taken: joined(overhead === UNKNOWN ? '' : overhead, `${grouped(Math.round(spentMs))} ms in its life`),
      atMost: cpuShare === undefined ? '' : percent(cpuShare),
    },
    {
      what: 'Captures',
      taken: grouped(captures),
      atMost: joined(upTo(hitsPerSecond, grouped, 'a second'), upTo(lifetimeHits, short, 'in its life')),
    },
    {
      what: 'Bytes',
      taken: sized(bytes),
      atMost: joined(upTo(bytesPerSecond, sized, 'a second'), upTo(lifetimeBytes, sized, 'in its life')),
    },
    ...(loopDelayMs === undefined
      ? []
      : [
          {
            what: 'Event loop',
            taken: '',
            atMost: `rests when it is usually ${grouped(loopDelayMs)} ms late`,
          },
        ]),
    ...(orphanMs === undefined
      ? []
      : [{ what: 'Collector away', taken: '', atMost: `disarmed after ${roughly(orphanMs)}` }]),
  ];
}

const upTo = (limit: number | undefined, words: (value: number) => string, when: string): string =>
  limit === undefined ? '' : `${words(limit)} ${when}`;

const joined = (...parts: readonly string[]): string => parts.filter(Boolean).join(', ');

/** `0.12 %` */
const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;

function sized(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${Number((bytes / 1_024 ** unit).toPrecision(3))} ${UNITS[unit]}`;
}
