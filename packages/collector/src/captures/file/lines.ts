import { createGunzip } from 'node:zlib';
import { pipeline, Readable } from 'node:stream';

/** What is wrong with the lines of a file. */
export class LinesError extends Error {
  override readonly name = 'LinesError';
  /** From 1; nothing for the file as a whole. */
  readonly line: number | undefined;

  constructor(message: string, line?: number) {
    super(message);
    this.line = line;
  }
}

const GZIP = Buffer.of(0x1f, 0x8b);
const NEWLINE = 0x0a;

export interface LineLimits {
  /** Bytes of all of them, unpacked. */
  readonly bytes: number;
  readonly lineBytes: number;
}

/**
 * The lines of a stream of bytes, gzip or not, one after the other; at most one line is in memory, and what came with its end.
 * @throws {LinesError}
 */
export async function* linesOf(source: Readable, limits: LineLimits): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  let total = 0;
  let line = 0;
  const tooLong = (): LinesError => new LinesError(`it is longer than ${limits.lineBytes} bytes`, line + 1);

  for await (const chunk of unpacked(source)) {
    total += chunk.length;
    if (total > limits.bytes) throw new LinesError(`It has more than ${limits.bytes} bytes.`);
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      if (end - start > limits.lineBytes) throw tooLong();
      line++;
      yield bytes.toString('utf8', start, end);
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > limits.lineBytes) throw tooLong();
  }
  if (rest.length > 0) yield rest.toString('utf8');
}

/** Bytes as they are, or unpacked where they begin as gzip does. */
async function* unpacked(source: Readable): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  let head: Buffer = Buffer.alloc(0);
  while (head.length < GZIP.length) {
    const { value: chunk } = await chunks.next();
    if (chunk === undefined) break;
    head = Buffer.concat([head, chunk]);
  }
  async function* all(): AsyncGenerator<Buffer> {
    yield head;
    yield* { [Symbol.asyncIterator]: () => chunks };
  }
  yield* head.subarray(0, GZIP.length).equals(GZIP) ? unzipped(Readable.from(all())) : all();
}

async function* unzipped(packed: Readable): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  // What goes wrong is met below.
  pipeline(packed, gunzip, () => {});
  const chunks = gunzip[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  for (;;) {
    const { value: chunk } = await chunks.next().catch((error: unknown) => {
      throw new LinesError(`It cannot be unpacked: ${(error as Error).message}.`);
    });
    if (chunk === undefined) return;
    yield chunk;
  }
}
