import { compileDenyEntry } from '@dormouse/expression/deny';
import { compileRedaction, type Redaction } from '@dormouse/expression/redaction';
import type { ManifestFile, ManifestFunction } from '@dormouse/protocol';
import { CollectorError } from '../collector-error.js';
import type { JointPolicy } from './policy.js';

/** What a policy means for probes that are to be placed. */
export interface PlacingRules {
  readonly redaction: Redaction;
  /** @throws {CollectorError} DENIED */
  requireAllowed(file: ManifestFile, fn: ManifestFunction): void;
}

/** The last word has the process, which may deny more. */
export function placingRules({ deny, redaction }: JointPolicy): PlacingRules {
  const entries = deny.map((entry) => ({ entry, denies: compileDenyEntry(entry) }));
  return {
    redaction: compileRedaction(redaction),
    requireAllowed(file, fn) {
      const denying = entries.find(({ denies }) => denies(file, fn));
      if (denying === undefined) return;
      throw new CollectorError(
        'DENIED',
        `${fn.name} of ${file.sources[fn.source]?.path ?? file.output} may not be probed: the deny list has ${denying.entry}.`,
        { path: 'location' },
      );
    },
  };
}
