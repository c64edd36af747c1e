import type { CaptureView } from '@dormouse/protocol';
import { CollectorError } from '../collector-error.js';
import type { Storage } from '../storage/contract/storage.js';

/** @throws {CollectorError} NOT_FOUND */
export async function requireCapture({ captures }: Storage, id: string): Promise<CaptureView> {
  const capture = await captures.find(id);
  if (capture !== undefined) return capture;
  throw new CollectorError('NOT_FOUND', `There is no capture ${id}, or it was old enough to be deleted.`);
}
