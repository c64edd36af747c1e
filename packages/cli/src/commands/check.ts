import type { CaptureView, VerdictRule } from '@dormouse/protocol';

import { EVENT_OPTION, parsePlace, PLACE } from '../ask/place.js';
import { commonRequest, PROBE_OPTIONS } from '../ask/probe-options.js';
import { parseCount, parseDuration } from '../ask/quantity.js';
import { chooseService } from '../ask/service.js';
import { defineCommand } from '../command/command.js';
import { follow } from '../command/follow.js';
import { settled } from '../command/settled.js';
import { EXIT } from '../failure.js';
import { renderCapture } from '../render/capture.js';
import { overallCheck, renderCheck, type Verdict } from '../render/check.js';
import { renderAccount, renderProbe } from '../render/probe.js';
import { printableJson } from '../render/json.js';

const { hits: _hits, 'hits-each': _each, ...OPTIONS } = PROBE_OPTIONS;

/** What scripts ask for. */
const EXIT_CODES: Readonly<Record<Verdict, number>> = {
  holds: EXIT.ok,
  violated: EXIT.failure,
  undecided: 2,
};

/** What processes have to say when their time is over takes them a moment, ms. */
const LAST_WORDS_MS = 1_500;

export const command = defineCommand({
  positionals: [PLACE, { name: 'EXPR', summary: 'what must always hold' }],
  options: {
    ...OPTIONS,
    on: EVENT_OPTION,
    after: { type: 'string', value: 'N', summary: 'Decide after N hits in each process' },
    for: { type: 'string', value: 'TIME', summary: 'Decide after this time; default: with Ctrl-C' },
    evidence: { type: 'string', value: 'N', summary: 'Violations to show; default 10' },
    watch: { type: 'string', value: 'EXPR', multiple: true, summary: 'Evaluate this at a violation' },
    wait: { type: 'boolean', summary: 'Wait for the verdict; the default. --no-wait returns at once' },
  },
  notes: `Examples
  dormouse check src/risk.ts:42 'typeof order.highValue === "boolean"' --after 1000 --for 10m
  dormouse check ledger.ts:settle '$return >= 0' --on return --for 1h

Ends with 0 where it held at every hit, with 1 where it did not, with 2 where there was no hit to decide by. Violations
are printed as they come.`,
  async run({ client, values, terminal, positionals, answer, note }) {
    const [where = '', expect = ''] = positionals;
    const place = parsePlace(where, values.on);
    const verdict = verdictRule(values);
    const { evidence: hits } = values;
    const request = commonRequest({ ...values, ...(hits !== undefined && { hits }) });
    const service = await chooseService(client, place.location.file, values.service);
    const watches = values.watch ?? [];
    const probe = await client.createProbe({
      kind: 'check',
      service,
      ...place,
      expect,
      verdict,
      watches,
      ...request,
    });
    if (values.wait === false) {
      answer(probe, (style) => renderProbe(probe, style));
      return EXIT.ok;
    }

    const { out } = terminal;
    const { style } = terminal.err;
    const take = (capture: CaptureView): void =>
      out.print(values.json === true ? printableJson(capture) : `${renderCapture(capture, out.style)}\n`);
    await follow(client, probe, { take, note, style, timeoutMs: patienceFor(verdict) });
    const ended = await settled(client, probe);
    const check = overallCheck(ended);
    if (values.json === true) out.print(printableJson(check));
    else out.print(renderCheck(check, out.style));
    if (check.verdict === 'undecided') for (const report of ended.agents) note(renderAccount(report, style));
    return EXIT_CODES[check.verdict];
  },
});

function verdictRule({ after, for: time }: { readonly after?: string; readonly for?: string }): VerdictRule {
  return {
    ...(after !== undefined && { afterHits: parseCount('after', after) }),
    ...(time !== undefined && { afterMs: parseDuration('for', time) }),
  };
}

/** Processes decide themselves when the time is over; without any nobody would. */
const patienceFor = ({ afterMs }: VerdictRule): number | undefined =>
  afterMs === undefined ? undefined : afterMs + LAST_WORDS_MS;
