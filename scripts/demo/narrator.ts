import { styleText } from 'node:util';

/** Writes the demo's story: numbered steps, indented text, results that stand out. */
export class Narrator {
  readonly #output: NodeJS.WriteStream;
  readonly #started = performance.now();
  #steps = 0;

  constructor(output: NodeJS.WriteStream) {
    this.#output = output;
  }

  title(text: string): void {
    this.#line(`\n${this.#paint('bold', text)}`);
  }

  /** A numbered step, with the time since the start. */
  step(text: string): void {
    const seconds = `${((performance.now() - this.#started) / 1_000).toFixed(1)} s`;
    this.#line(
      `\n${this.#paint('cyan', `${++this.#steps}.`)} ${this.#paint('bold', text)} ${this.#paint('gray', seconds)}`,
    );
  }

  /** A command that a person would type for what happens next. */
  command(text: string): void {
    this.#line(`   ${this.#paint('gray', '$')} ${this.#paint('yellow', text)}`);
  }

  /** Any text, indented as a block. */
  text(text: string): void {
    for (const line of text.trimEnd().split('\n')) this.#line(line === '' ? '' : `   ${line}`);
  }

  /** What a step has shown. */
  finding(text: string): void {
    this.#line(`   ${this.#paint('green', '➜')} ${this.#paint('bold', text)}`);
  }

  #line(text: string): void {
    this.#output.write(`${text}\n`);
  }

  /** `styleText` honours NO_COLOR and streams that are no terminal. */
  #paint(format: 'bold' | 'cyan' | 'gray' | 'green' | 'yellow', text: string): string {
    return styleText(format, text, { stream: this.#output });
  }
}
