import type { AuditExportHeader } from '@dormouse/protocol';
import type { Chain, Governance } from '../../../api/governance.js';

/** Records asked for at once. */
const PAGE = 1_000;

/**
 * A whole trail, from its first record or its checkpoint to its head as it is now: the file that `dormouse audit verify` reads.
 * @param progressed told how many records there are so far
 */
export async function exportTrail(
  governance: Governance,
  chain: Chain,
  progressed: (records: number) => void,
): Promise<Blob> {
  const { head, checkpoint } = await governance.auditEnds(chain);
  const header: AuditExportHeader = { audit: 1, head, ...(checkpoint !== undefined && { checkpoint }) };
  const lines = [JSON.stringify(header)];
  let after = checkpoint?.sequence ?? 0;
  while (after < head.sequence) {
    const limit = Math.min(PAGE, head.sequence - after);
    const { records } = await governance.audit({ chain, order: 'oldest', after, limit });
    const last = records.at(-1);
    if (last === undefined) break;
    lines.push(...records.map((record) => JSON.stringify(record)));
    progressed(lines.length - 1);
    after = last.sequence;
  }
  return new Blob([`${lines.join('\n')}\n`], { type: 'application/x-ndjson' });
}
