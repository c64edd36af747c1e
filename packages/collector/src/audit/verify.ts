import {
  AUDIT_BEGINNING,
  type AuditCheckpoint,
  type AuditFault,
  type AuditHead,
  type AuditRecord,
  type AuditVerification,
} from '@dormouse/protocol';
import { hashOfRecord } from './chain.js';
import { isSigned } from './checkpoint.js';

/** What was found in a record's place. */
export type Found = AuditRecord | { readonly flaw: Flaw };

/** What is wrong with it before anything is compared. */
export interface Flaw {
  readonly fault: AuditFault;
  readonly message: string;
}

/** What a chain is held to. */
export interface Claim {
  /** How far it is said to go. */
  readonly head: AuditHead;
  /** What its first record follows, where records before it were dropped. */
  readonly checkpoint?: AuditCheckpoint;
  /** A head that was kept elsewhere. */
  readonly anchor?: Pick<AuditHead, 'sequence' | 'hash'>;
}

type Broken = NonNullable<AuditVerification['broken']>;

/** Follows a chain record by record; says the first that is not as it must be, and how. */
export async function verifyChain(
  found: AsyncIterable<Found>,
  { head, checkpoint, anchor }: Claim,
): Promise<AuditVerification> {
  const follower = new Follower(head.chain, checkpoint, anchor);
  let broken = follower.begin();
  for await (const one of found) {
    if (broken === undefined) broken = follower.follow(one);
    else if (!follower.stillLooksFor(broken)) break;
    else if (follower.isWanted(one)) broken = follower.misplaced();
  }
  broken ??= follower.end(head);
  return {
    intact: broken === undefined,
    records: follower.records,
    head,
    ...(checkpoint !== undefined && { checkpoint }),
    ...(broken !== undefined && { broken }),
  };
}

class Follower {
  readonly #chain: string;
  readonly #checkpoint: AuditCheckpoint | undefined;
  readonly #anchor: Claim['anchor'];
  /** The last record that is as it must be, or what stands in its place. */
  #last: { readonly sequence: number; readonly hash: string };
  records = 0;

  constructor(chain: string, checkpoint: AuditCheckpoint | undefined, anchor: Claim['anchor']) {
    this.#chain = chain;
    this.#checkpoint = checkpoint;
    this.#anchor = anchor;
    this.#last = checkpoint ?? { sequence: 0, hash: AUDIT_BEGINNING };
  }

  get #next(): number {
    return this.#last.sequence + 1;
  }

  begin(): Broken | undefined {
    const checkpoint = this.#checkpoint;
    if (checkpoint === undefined) return undefined;
    const at = checkpoint.sequence;
    if (checkpoint.chain !== this.#chain) return broken(at, 'foreign', 'The checkpoint is of another chain.');
    if (!isSigned(checkpoint))
      return broken(at, 'changed', 'The checkpoint is not what was signed with its key.');
    return this.#againstAnchor(checkpoint);
  }

  follow(found: Found): Broken | undefined {
    const next = this.#next;
    if ('flaw' in found) return broken(next, found.flaw.fault, found.flaw.message);
    const { chain, sequence, previous, hash } = found;
    if (hashOfRecord(found) !== hash)
      return broken(next, 'changed', `The record in place ${next} is not what its hash is of.`);
    if (chain !== this.#chain) return broken(next, 'foreign', `Record ${next} is of another chain.`);
    if (sequence > next) return broken(next, 'missing', missingWords(next, sequence));
    if (sequence < next)
      return broken(next, 'reordered', `Record ${sequence} stands where record ${next} belongs.`);
    if (previous !== this.#last.hash) {
      const message =
        next === 1
          ? 'Record 1 says that others came before it.'
          : `Record ${next} does not follow record ${next - 1} as it stands: one of the two was changed.`;
      return broken(next, 'changed', message);
    }
    this.#last = { sequence, hash };
    const rewritten = this.#againstAnchor(this.#last);
    if (rewritten === undefined) this.records++;
    return rewritten;
  }

  /** What is missing may come later. */
  stillLooksFor({ fault }: Broken): boolean {
    return fault === 'missing';
  }

  isWanted(found: Found): boolean {
    return 'sequence' in found && found.sequence === this.#next && hashOfRecord(found) === found.hash;
  }

  misplaced(): Broken {
    return broken(this.#next, 'reordered', `Record ${this.#next} stands behind others that came after it.`);
  }

  end(head: AuditHead): Broken | undefined {
    const { sequence, hash } = this.#last;
    const anchored = this.#anchor?.sequence ?? 0;
    const claimed = Math.max(head.sequence, anchored);
    if (sequence < claimed)
      return broken(
        sequence + 1,
        'truncated',
        `The last record is ${sequence}, and there was a record ${claimed}.`,
      );
    if (sequence > head.sequence)
      return broken(
        head.sequence + 1,
        'truncated',
        `The head says that the last record is ${head.sequence}, and there is a record ${sequence}.`,
      );
    if (hash !== head.hash)
      return broken(sequence, 'changed', `The head has another hash than the last record, ${sequence}.`);
    return undefined;
  }

  #againstAnchor({
    sequence,
    hash,
  }: {
    readonly sequence: number;
    readonly hash: string;
  }): Broken | undefined {
    if (sequence !== this.#anchor?.sequence || hash === this.#anchor.hash) return undefined;
    return broken(
      sequence,
      'changed',
      `Record ${sequence} is not the one of the anchor: it, or records before it, were written anew.`,
    );
  }
}

const broken = (sequence: number, fault: AuditFault, message: string): Broken => ({
  sequence,
  fault,
  message,
});

function missingWords(from: number, next: number): string {
  return next === from + 1
    ? `Record ${from} is missing: record ${next} stands in its place.`
    : `Records ${from} to ${next - 1} are missing.`;
}
