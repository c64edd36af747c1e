import type { Execution, Result } from './executor.ts';
import { whyKnown } from './known.ts';

/** Adds up what tests did, and tells it as a page. */
export class Summary {
  readonly unexplained: string[] = [];
  readonly #explained: string[] = [];
  readonly #left = new Map<string, string[]>();
  readonly #counts = { runs: 0, same: 0, woven: 0, failing: 0, ended: 0 };

  add(path: string, execution: Execution): void {
    if ('endedIn' in execution) return this.#addEnd(path, execution.endedIn);
    for (const result of execution.results) this.#addResult(result);
  }

  report(title: string, tests: number): string {
    const { runs, same, woven, failing, ended } = this.#counts;
    const lines = [
      `# ${title}`,
      '',
      `- ${tests} tests, ${runs} runs (sloppy and strict are two), each unwoven, woven and idle, woven and fully armed.`,
      `- ${woven} runs of woven code; in the others the test was left as it was, or invalid as it should be.`,
      `- ${same} runs had the same outcome in all three states, ${failing} of them not the one that the test asks for: Node itself does not pass it.`,
      `- ${ended} tests end or block the process unwoven; nothing can be said of them.`,
      `- ${this.#explained.length} runs differ for a documented reason, ${this.unexplained.length} for none.`,
      ...section('Different without a reason', this.unexplained),
      ...section('Different for a documented reason', this.#explained),
      ...section('Valid programs that were left unwoven', this.#leftLines()),
    ];
    return `${lines.join('\n')}\n`;
  }

  #addEnd(path: string, state: string): void {
    if (state === 'original') this.#counts.ended++;
    else this.unexplained.push(`\`${path}\` ends or blocks the process ${state}`);
  }

  #addResult(result: Result): void {
    const { original, idle, armed, skipped, wrong } = result;
    const passes = isExpected(result);
    this.#counts.runs++;
    if (skipped === undefined) this.#counts.woven++;
    else if (passes && typeof result.expected === 'string') this.#addLeft(result, skipped);
    if (original !== idle || original !== armed || wrong.length > 0) return this.#addDifference(result);
    this.#counts.same++;
    if (!passes) this.#counts.failing++;
  }

  #addLeft({ path }: Result, { code, reason }: NonNullable<Result['skipped']>): void {
    const why = `${code}: ${reason.replace(/^\d+:\d+ /, '')}`;
    this.#left.set(why, [...(this.#left.get(why) ?? []), path]);
  }

  #addDifference(result: Result): void {
    const { path, mode, original, idle, armed, wrong } = result;
    const why = whyKnown(result);
    if (why !== undefined) this.#explained.push(`\`${path}\` (${mode}): ${why}`);
    else
      this.unexplained.push(
        `\`${path}\` (${mode}): unwoven ${original}; idle ${idle}; armed ${armed} ${wrong.join('; ')}`,
      );
  }

  #leftLines(): readonly string[] {
    return [...this.#left]
      .sort(([, a], [, b]) => b.length - a.length)
      .map(([why, paths]) => `${paths.length} × ${why} For example \`${paths[0]}\``);
  }
}

function isExpected({ expected, original }: Result): boolean {
  if (typeof expected === 'string') return original === expected;
  return original.startsWith(`${expected.phase}: `) && original.includes(expected.type);
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines.map((line) => `- ${line}`)];
}
