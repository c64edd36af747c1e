import type { AuditExportHeader, AuditHead } from '@dormouse/protocol';

import type { AuditQuery, Client } from './client.js';
import { newFile } from './new-file.js';

/** Records asked for at once. */
const PAGE = 1_000;

/**
 * Writes a whole trail, from its first record or its checkpoint to its head as it is now, into a new file that only its
 * owner can read.
 */
export async function exportAudit(
  client: Client,
  query: Pick<AuditQuery, 'chain'>,
  path: string,
): Promise<AuditHead> {
  const { head, checkpoint } = await client.auditEnds(query);
  const header: AuditExportHeader = { audit: 1, head, ...(checkpoint !== undefined && { checkpoint }) };
  const file = await newFile(path);
  try {
    await file.write(`${JSON.stringify(header)}\n`);
    let after = checkpoint?.sequence ?? 0;
    while (after < head.sequence) {
      const limit = Math.min(PAGE, head.sequence - after);
      const { records } = await client.audit({ ...query, order: 'oldest', after, limit });
      const last = records.at(-1);
      if (last === undefined) break;
      await file.write(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
      after = last.sequence;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return head;
}
