import {
  DEFAULT_REDACTION_RULES,
  type PolicyRequest,
  type PolicyView,
  type ProcessLimits,
  type RedactionPattern,
  type RedactionRules,
} from '@dormouse/protocol';

/** A policy as it stands in a form: of lists one entry a line, of limits nothing where there is none. */
export interface PolicyDraft {
  deny: string;
  names: string;
  allowNames: string;
  mode: RedactionRules['mode'];
  includeNames: string;
  patterns: { name: string; pattern: string; flags: string }[];
  limits: Record<keyof ProcessLimits, string>;
}

/** What people know of each limit. */
export const LIMIT_WORDS: readonly (readonly [keyof ProcessLimits, string])[] = [
  ['hitsPerSecond', 'Captures per second'],
  ['bytesPerSecond', 'Bytes of captures per second'],
  ['cpuShare', 'Share of the main thread, 0 to 1'],
  ['loopDelayMs', 'Pause at an event loop delay of, ms'],
  ['orphanMs', 'Disarm without a collector after, ms'],
  ['lifetimeHits', 'Captures in a process’s life'],
  ['lifetimeBytes', 'Bytes of captures in its life'],
];

export const draftOf = ({ deny, redaction, limits }: PolicyView): PolicyDraft => ({
  deny: deny.join('\n'),
  names: redaction.names.join('\n'),
  allowNames: redaction.allowNames.join('\n'),
  mode: redaction.mode,
  includeNames: redaction.includeNames.join('\n'),
  patterns: redaction.patterns.map(({ name, pattern, flags = '' }) => ({ name, pattern, flags })),
  limits: Object.fromEntries(
    LIMIT_WORDS.map(([name]) => [name, limits[name] === undefined ? '' : String(limits[name])]),
  ) as Record<keyof ProcessLimits, string>,
});

export const rulesOf = ({
  names,
  allowNames,
  mode,
  includeNames,
  patterns,
}: PolicyDraft): RedactionRules => ({
  ...DEFAULT_REDACTION_RULES,
  names: linesOf(names),
  allowNames: linesOf(allowNames),
  mode,
  includeNames: linesOf(includeNames),
  patterns: patterns.map(patternOf),
});

/** @param revision of the policy that the draft was made of */
export const requestOf = (draft: PolicyDraft, revision: number): PolicyRequest => ({
  deny: linesOf(draft.deny),
  redaction: rulesOf(draft),
  limits: Object.fromEntries(
    Object.entries(draft.limits)
      .filter(([, text]) => text.trim() !== '')
      .map(([name, text]) => [name, Number(text)]),
  ),
  revision,
});

export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

const patternOf = ({ name, pattern, flags }: PolicyDraft['patterns'][number]): RedactionPattern => ({
  name,
  pattern,
  ...(flags !== '' && { flags }),
});
