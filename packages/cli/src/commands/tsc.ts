import type { TscResult, WeaveReport } from '@dormouse/transformer';

import { separate, WEAVE_OPTIONS } from '../ask/weave-options.js';
import { type PassingCommand, type Values, defineCommand } from '../command/command.js';
import { interruption } from '../command/interruption.js';
import { parse } from '../command/parse.js';
import { beginWeaving } from '../command/weaving.js';
import { EXIT, OperationFailed } from '../failure.js';
import { renderError } from '../render/error.js';
import { reportAsJson } from '../render/weave-report.js';

/** Among tsc's arguments these are ours. */
const OWN = defineCommand({
  positionals: [],
  options: { ...WEAVE_OPTIONS, json: { type: 'boolean', summary: 'Print the report as JSON' } },
  offline: true,
  run: async () => {},
});

export const command: PassingCommand = {
  help: {
    passes: '[options of tsc] [--json] [--report FILE] [--budget LIMIT] [--no-cache]',
    notes: `Examples
  dormouse tsc -p .
  dormouse tsc -b --watch
  dormouse tsc -b --budget 3x --budget gzip:1.6x --report weave.json

Runs the project's own TypeScript with the options given, and ends as it ends; "dormouse tsc --all" lists them. What
it emitted is woven in place, and described in dormouse.manifest.json beside it; with --watch each time that it emits.
With --json the report goes to standard output as JSON, and what tsc says to standard error.

  --budget LIMIT  fails the build when the code grows beyond it: 2.5x or 150%, gzipped gzip:1.6x
  --report FILE   writes the report there as JSON
  --no-cache      weaves all anew, instead of remembering what was woven from what`,
  },
  async run(args, terminal) {
    const { own, others } = separate(args, OWN.options);
    const values = parse(own, OWN).values as Values<typeof OWN.options>;
    const asJson = values.json === true;
    const isQuiet = others.some((arg) => /^(-q|--?quiet)$/i.test(arg));
    const { out, err } = terminal;
    const weaving = await beginWeaving(values, { asJson, isQuiet }, terminal);
    const { runTsc, TransformerError } = await import('@dormouse/transformer');

    const stop = interruption();
    try {
      const result = await runTsc(others, {
        ...weaving.settings,
        ...(asJson && { onLine: err.print, pretty: false }),
        onWoven(report) {
          if (asJson) out.print(JSON.stringify({ report: reportAsJson(report) }));
          weaving.account(report);
          const excess = weaving.excess(report);
          if (excess) err.print(renderError(excess, err.style));
        },
        signal: stop.signal,
      });
      if (asJson) out.print(resultAsJson(result));
      if (!hasNews(result)) {
        const comment = noNews(result);
        if (!asJson && !isQuiet && result.emitted !== undefined && comment) err.print(comment);
        return result.exitCode;
      }
      weaving.account(result.report);
      const excess = weaving.excess(result.report);
      if (excess && result.exitCode === EXIT.ok) throw excess;
      return result.exitCode;
    } catch (error) {
      throw error instanceof TransformerError ? new OperationFailed(error.code, error.message) : error;
    } finally {
      stop.release();
    }
  },
};

/** Whether there is something to account for: not where tsc failed, and all there is was woven before. */
function hasNews(result: TscResult): result is TscResult & { readonly report: WeaveReport } {
  const { exitCode, emitted, report } = result;
  if (report === undefined || emitted === undefined) return false;
  return exitCode === EXIT.ok || emitted > 0 || report.woven > 0;
}

/** Where tsc failed and nothing was there before, it has said all that there is to say. */
function noNews({ report, exitCode }: TscResult): string | undefined {
  if (report !== undefined) return 'Nothing was emitted; the earlier build stays as it is.';
  return exitCode === EXIT.ok ? 'tsc emitted no JavaScript: there is nothing to weave.' : undefined;
}

function resultAsJson({ report, ...result }: TscResult): string {
  return JSON.stringify({ ...result, ...(report && { report: reportAsJson(report) }) }, null, 2);
}
