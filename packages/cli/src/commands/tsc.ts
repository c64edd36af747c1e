import type { TscResult, WeaveReport } from '@dormouse/transformer';

import type { PassingCommand } from '../command/command.js';
import { OperationFailed } from '../failure.js';
import { renderWeaveReport } from '../render/weave-report.js';

export const command: PassingCommand = {
  help: {
    passes: '[options of tsc] [--json]',
    notes: `Examples
  dormouse tsc -p .
  dormouse tsc -b --json

Runs the project's own TypeScript with the options given, and ends as it ends. What it emitted is woven in place,
and described in dormouse.manifest.json beside it. With --json the report goes to standard output as JSON, and
what tsc says to standard error.`,
  },
  async run(args, { out, err }) {
    const { runTsc, TransformerError } = await import('@dormouse/transformer');
    const asJson = args.includes('--json');
    const passed = args.filter((arg) => arg !== '--json');
    const result = await runTsc(passed, asJson ? { onLine: err.print, pretty: false } : {}).catch(
      (error: unknown) => {
        throw error instanceof TransformerError ? new OperationFailed(error.code, error.message) : error;
      },
    );
    const { exitCode } = result;
    const report = nothingEmitted(result) ? undefined : result.report;
    if (asJson)
      out.print(JSON.stringify({ exitCode, ...(report && { report: withoutFiles(report) }) }, null, 2));
    else if (report) out.print(renderWeaveReport(report, out.style));
    else if (result.report) err.print('Nothing was emitted; the earlier build stays as it is.');
    else err.print('tsc emitted no JavaScript: there is nothing to weave.');
    return exitCode;
  },
};

/** tsc has failed, and all there is was woven before. */
function nothingEmitted({ exitCode, report }: TscResult): boolean {
  return exitCode !== 0 && report?.woven === 0;
}

/** The manifest itself is in its file. */
function withoutFiles({ manifest, ...figures }: WeaveReport): object {
  return { buildId: manifest.buildId, ...figures };
}
