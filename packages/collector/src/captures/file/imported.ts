import { randomBytes } from 'node:crypto';
import type { CaptureView, ImportDetails } from '@dormouse/protocol';
import { CollectorError } from '../../collector-error.js';
import type { Storage } from '../../storage/contract/storage.js';
import type { SearchableStore } from '../search.js';

export const newImportId = (): string => `import_${randomBytes(6).toString('hex')}`;

/** The id of the capture at a place in an import. */
export const importedId = (id: string, number: number): string => `${id}-${number}`;

/** A capture of an import that is finished. */
export async function findImported({ imports }: Storage, id: string): Promise<CaptureView | undefined> {
  const [, from, place] = /^(import_[\da-f]{12})-(\d{1,9})$/.exec(id) ?? [];
  if (from === undefined || (await imports.find(from)) === undefined) return undefined;
  const number = Number(place);
  const [text] = await imports.texts(from, {}, { after: number - 1, limit: 1, order: 'oldest' });
  if (text?.cursor !== number) return undefined;
  return { ...(JSON.parse(text.json) as CaptureView), cursor: String(number) };
}

/** Where the captures of an import are looked for. */
export const searchableImport = ({ imports }: Storage, id: string): SearchableStore => ({
  texts: (filter, range) => imports.texts(id, filter, range),
  firstSince: (moment) => imports.firstSince(id, moment),
});

/** @throws {CollectorError} NOT_FOUND */
export async function requireImport({ imports }: Storage, id: string): Promise<ImportDetails> {
  const details = await imports.find(id);
  if (details !== undefined) return details;
  throw new CollectorError('NOT_FOUND', `There is no import ${id}, or it was old enough to be deleted.`, {
    path: 'import',
  });
}
