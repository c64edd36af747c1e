import { open, type FileHandle } from 'node:fs/promises';

import { OperationFailed } from '../failure.js';

/** A new file that only its owner can read. @throws {OperationFailed} where there is one already, or none can be */
export async function newFile(path: string): Promise<FileHandle> {
  return open(path, 'wx', 0o600).catch((error: unknown) => {
    throw new OperationFailed('NOT_WRITTEN', `${path} cannot be written: ${(error as Error).message}.`);
  });
}
