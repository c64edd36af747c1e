import type { DisarmCause, DropReason, ProbeReport, ProbeView, SkipReason } from '@dormouse/protocol';
import { describe, expect, test } from 'vitest';

import { examineReport } from '../src/doctor/report.ts';
import { CAUSE_WORDS, DROP_WORDS, SKIP_WORDS } from '../src/render/words.ts';

/** What a process reports, whatever it is, has a code, its words and a remedy. */

const PROBE = { location: { file: 'src/risk.ts', line: 3, column: 3 }, condition: 'a > 1' } as ProbeView;

const examined = (report: Partial<ProbeReport>) => [
  ...examineReport(PROBE, {
    id: 'p_1',
    instance: 'i1',
    state: 'armed',
    seen: 0,
    matched: 0,
    captured: 0,
    skipped: {},
    dropped: {},
    incomplete: 0,
    ...report,
  }),
];

const found = (code: string | RegExp, words: string) => ({
  check: 'process',
  verdict: 'bad',
  code: typeof code === 'string' ? code : expect.stringMatching(code),
  evidence: expect.stringContaining(words),
  remedy: expect.stringMatching(/.\w/),
});

const ENDS_OF_PROBES = ['budget'];

test.each((Object.keys(CAUSE_WORDS) as DisarmCause[]).filter((cause) => !ENDS_OF_PROBES.includes(cause)))(
  'disarmed: %s',
  (cause) => {
    expect(examined({ state: 'disarmed', cause })).toEqual([found(/^[a-z-]+$/, CAUSE_WORDS[cause])]);
  },
);

test.each(Object.keys(SKIP_WORDS) as SkipReason[])('skipped: %s', (reason) => {
  expect(examined({ seen: 7, skipped: { [reason]: 7 } })).toEqual([found(/^[a-z-]+$/, SKIP_WORDS[reason])]);
});

test.each(Object.keys(DROP_WORDS) as DropReason[])('dropped: %s', (reason) => {
  expect(examined({ seen: 7, matched: 7, dropped: { [reason]: 7 } })).toEqual([
    found('dropped', DROP_WORDS[reason]),
  ]);
});

describe('of several reasons', () => {
  test('the most frequent is named', () => {
    expect(examined({ seen: 9, skipped: { condition: 2, context: 7 } })).toMatchObject([{ code: 'context' }]);
  });

  test('what was captured is good, whatever else was lost', () => {
    const findings = examined({
      seen: 9,
      matched: 5,
      captured: 3,
      skipped: { condition: 4, paused: 1 },
      dropped: { queueFull: 1 },
    });
    expect(findings.map(({ verdict, code }) => code ?? verdict)).toEqual(['good', 'dropped', 'paused']);
  });
});

test('a hit that matched and has not arrived is no fault yet', () => {
  expect(examined({ seen: 1, matched: 1 })).toMatchObject([{ verdict: 'note', code: 'under-way' }]);
});
