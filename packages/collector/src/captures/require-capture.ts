import type { CaptureView } from '@dormouse/protocol';
import { CollectorError } from '../collector-error.js';
import type { Storage } from '../storage/contract/storage.js';
import { findImported } from './file/imported.js';

/** A capture of a process, or of an import. @throws {CollectorError} NOT_FOUND */
export async function requireCapture(storage: Storage, id: string): Promise<CaptureView> {
  const capture = (await findImported(storage, id)) ?? (await storage.captures.find(id));
  if (capture !== undefined) return capture;
  throw new CollectorError('NOT_FOUND', `There is no capture ${id}, or it was old enough to be deleted.`);
}
