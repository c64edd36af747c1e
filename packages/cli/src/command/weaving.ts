import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import type { WeaveReport, WeaveSettings } from '@dormouse/transformer';

import { parseBudget } from '../ask/budget.js';
import type { WEAVE_OPTIONS } from '../ask/weave-options.js';
import { type Failure, OperationFailed } from '../failure.js';
import { renderExcess } from '../render/budget.js';
import { progressLine } from '../render/weave-progress.js';
import { renderWeaveReport, reportAsJson } from '../render/weave-report.js';
import type { Values } from './command.js';
import type { Terminal } from './terminal.js';

/** What all commands that weave do around it. */
export interface Weaving {
  readonly settings: WeaveSettings;
  /** Tells what was woven, to whoever has to know. */
  readonly account: (report: WeaveReport) => void;
  /** What is wrong with it, if it is over the budget. */
  readonly excess: (report: WeaveReport) => Failure | undefined;
}

/** With JSON, as when quiet, there is no person to read progress and account now. */
export async function beginWeaving(
  values: Values<typeof WEAVE_OPTIONS>,
  { asJson, isQuiet }: { readonly asJson: boolean; readonly isQuiet: boolean },
  { out }: Terminal,
): Promise<Weaving> {
  const isSilent = asJson || isQuiet;
  const budgets = (values.budget ?? []).map(parseBudget);
  const progress = progressLine(process.stderr);
  return {
    settings: {
      cache: values.cache === false ? undefined : await openCache(),
      gzip: asJson || values.report !== undefined || budgets.some(({ measure }) => measure === 'gzip'),
      onProgress: isSilent ? undefined : progress.show,
    },
    account(report) {
      progress.clear();
      if (values.report !== undefined) writeReport(resolve(values.report), report);
      if (!isSilent) out.print(renderWeaveReport(report, out.style));
    },
    excess(report) {
      const text = renderExcess(report, budgets);
      return text === undefined ? undefined : new OperationFailed('OVER_BUDGET', text);
    },
  };
}

/** Opened around the working directory. */
async function openCache(): Promise<WeaveSettings['cache']> {
  const { openWeaveCache, weaveCacheDirectory } = await import('@dormouse/transformer');
  return openWeaveCache(weaveCacheDirectory(process.cwd()));
}

function writeReport(path: string, report: WeaveReport): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify(reportAsJson(report), null, 2)}\n`);
  } catch (error) {
    throw new OperationFailed('NO_REPORT', `The report cannot be written: ${(error as Error).message}`);
  }
}
