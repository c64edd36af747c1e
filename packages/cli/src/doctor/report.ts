import type { DisarmCause, DropReason, ProbeReport, ProbeView, SkipReason } from '@dormouse/protocol';

import { pauseWords } from '../render/pause.js';
import { count } from '../render/text.js';
import { CAUSE_WORDS, DROP_WORDS, SKIP_WORDS } from '../render/words.js';
import { bad, good, note, type Finding } from './finding.js';

type Report = ProbeReport & { readonly instance: string };

/** Why a probe gives no evidence in one process, or that it does. */
export function* examineReport(probe: ProbeView, report: Report): Generator<Finding> {
  const { instance, state, captured, pause } = report;
  if (pause !== undefined)
    yield bad(
      'process',
      'paused',
      `${instance}: ${pauseWords(pause)}`,
      'It goes on by itself. Ask for less: a condition, a lower --rate.',
    );
  if (captured > 0) yield good('process', `${instance}: ${account(report)}`);
  else if (state === 'received') yield notLoaded(probe, instance);
  else if (state === 'disarmed') yield disarmed(report);
  else yield without(probe, report);
  if (captured > 0) yield* lost(report);
}

const account = ({ seen, matched, captured }: Report): string =>
  `seen ${seen.toLocaleString('en-US')}, matched ${matched.toLocaleString('en-US')}, captured ${captured.toLocaleString('en-US')}`;

const notLoaded = ({ location }: ProbeView, instance: string): Finding =>
  bad(
    'process',
    'not-loaded',
    `${instance} has the probe, and has not loaded ${location.file} yet`,
    'It is armed as soon as the file is imported. If that was long ago, another copy of it runs, which is not woven.',
  );

function disarmed({ instance, cause = 'removed', message }: Report): Finding {
  const said = message === undefined ? '' : `: ${message}`;
  return bad(
    'process',
    kebab(cause),
    `${instance} has disarmed it (${CAUSE_WORDS[cause]})${said}`,
    CURES[cause],
  );
}

/** Armed, and nothing captured. */
function without(probe: ProbeView, report: Report): Finding {
  const { instance, seen, matched, skipped, dropped, message } = report;
  const [drop] = largest(dropped);
  if (drop !== undefined) return droppedOnly(instance, drop, dropped[drop] ?? 0);
  if (seen === 0)
    return bad(
      'process',
      'never-reached',
      `${instance} has it armed, and the code has not run since`,
      'Cause the traffic that reaches it; a probe at the beginning of the function shows whether that is called.',
    );
  const [reason] = largest(skipped);
  if (reason === undefined)
    return note(
      'process',
      'under-way',
      `${instance}: ${account(report)}`,
      'What matched is on its way; ask again.',
    );
  const condition =
    reason === 'condition' || reason === 'conditionError' ? ` \`${probe.condition ?? ''}\`` : '';
  const said = message === undefined ? '' : `: ${message}`;
  const evidence = `${instance}: seen ${count(seen, 'time')}, matched ${matched}; ${skipped[reason]} skipped: ${SKIP_WORDS[reason]}${condition}${said}`;
  return bad('process', kebab(reason), evidence, SKIP_CURES[reason]);
}

const droppedOnly = (instance: string, reason: DropReason, number: number): Finding =>
  bad(
    'process',
    'dropped',
    `${instance}: ${count(number, 'capture')} lost: ${DROP_WORDS[reason]}`,
    DROP_CURES[reason],
  );

/** Beside what arrived. */
function* lost({ instance, dropped, skipped }: Report): Generator<Finding> {
  for (const reason of largest(dropped))
    yield note(
      'process',
      'dropped',
      `${instance}: ${count(dropped[reason] ?? 0, 'capture')} lost: ${DROP_WORDS[reason]}`,
      DROP_CURES[reason],
    );
  for (const reason of largest(skipped).filter((skip) => skip !== 'condition' && skip !== 'context'))
    yield note(
      'process',
      kebab(reason),
      `${instance}: ${count(skipped[reason] ?? 0, 'hit')} skipped: ${SKIP_WORDS[reason]}`,
      SKIP_CURES[reason],
    );
}

/** Those that happened, the most frequent first. */
const largest = <Reason extends string>(counts: Partial<Record<Reason, number>>): Reason[] =>
  (Object.entries(counts) as [Reason, number][])
    .filter(([, number]) => number > 0)
    .sort(([, one], [, other]) => other - one)
    .map(([reason]) => reason);

const kebab = (name: string): string => name.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);

const CURES: Readonly<Record<DisarmCause, string>> = {
  removed: 'Place it again.',
  expired: 'Place it again with a longer --expires.',
  hitLimit: 'It has had its hits in this process; place it again with more --hits.',
  verdict: '"dormouse probe ID" shows what was decided.',
  error: 'Place it again without what failed.',
  killSwitch:
    '"dormouse kill --off" switches probes on again; a program that did it itself calls killSwitch(false).',
  collectorLost: 'It is armed again when the collector has been back for a moment.',
  unknownFile: 'The process runs other files than its manifest describes: build and deploy both together.',
  contractMismatch: 'Build again with the version of Dormouse that the process has.',
  denied: '"dormouse policy" shows the deny lists; DORMOUSE_DENY in the process has its own.',
  lifetimeLimit: 'Restart the process, or raise DORMOUSE_MAX_TOTAL_HITS or DORMOUSE_MAX_TOTAL_BYTES.',
  invalid: 'Collector and process are of different versions: update the older one.',
};

const ASK_LESS = 'Ask for less: --depth, --rate, or a condition.';

const SKIP_CURES: Readonly<Record<SkipReason, string>> = {
  context: 'No request with these attributes has come by: --context asks for exactly them.',
  condition: 'Look at what it reads: a snapshot at the same place with --watch and without --if.',
  conditionError: 'Correct the condition; it rests for ten seconds after each failure.',
  rateLimitProbe: 'Raise --rate, or narrow it down with --if.',
  rateLimitProcess: 'Other probes take what the process allows: remove some, or raise DORMOUSE_MAX_HITS.',
  reentrant: 'The line runs while a capture is made, and cannot be captured there: choose another line.',
  paused: 'It goes on by itself. Ask for less: a condition, a lower --rate.',
  noSpan: 'No span is active at this line: trace the service, or use a snapshot.',
  noRequest: 'No request is known at this line: use --within call.',
  tooManyOpen: 'Too many calls are under way at once: narrow it down with --if.',
};

const DROP_CURES: Readonly<Record<DropReason, string>> = {
  queueFull: 'They came faster than they could be sent. ' + ASK_LESS,
  rateLimitBytesProbe: ASK_LESS,
  rateLimitBytes: `${ASK_LESS} Or raise DORMOUSE_MAX_BYTES.`,
  lifetimeLimit: CURES.lifetimeLimit,
  payloadTooLarge: ASK_LESS,
  encodeError: 'This is a defect of the runtime: tell us.',
  disconnected: 'The collector was away for too long; see its log.',
  logFailed: 'See what the logger of the process says, or send logs to the collector.',
};
