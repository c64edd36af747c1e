import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import { OperationFailed } from '../failure.js';
import type { CaptureSearch, Client } from './client.js';
import { newFile } from './new-file.js';

/** Characters of a file's last line. */
const LAST_LINE = 200;

/**
 * Writes captures into a new file that only its owner can read, gzip where its name says so. Little of them is in memory at
 * any time.
 * @returns how many there are
 * @throws OperationFailed where what arrived is not whole
 */
export async function exportCaptures(client: Client, query: CaptureSearch, path: string): Promise<number> {
  const body = Readable.fromWeb(
    (await client.exportCaptures(query)) as Parameters<typeof Readable.fromWeb>[0],
  );
  let tail = '';
  async function* watched(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      tail = (tail + Buffer.from(chunk).toString('latin1')).slice(-LAST_LINE);
      yield chunk;
    }
  }
  const file = (await newFile(path)).createWriteStream();
  if (path.endsWith('.gz')) await pipeline(body, watched, createGzip(), file);
  else await pipeline(body, watched, file);
  const captures = /\{"end":\{"captures":(\d+)\}\}\n$/u.exec(tail)?.[1];
  if (captures !== undefined) return Number(captures);
  throw new OperationFailed('NOT_WHOLE', 'The collector broke off: a part of the captures is missing.');
}

/** A file's bytes as they are read. */
export async function readCaptures(path: string): Promise<ReadableStream<Uint8Array>> {
  const file = await open(path).catch((error: unknown) => {
    throw new OperationFailed('NOT_READ', `${path} cannot be read: ${(error as Error).message}.`);
  });
  return Readable.toWeb(file.createReadStream()) as ReadableStream<Uint8Array>;
}
