import type { CaptureView } from '@dormouse/protocol';

/** Where a capture has what the program had, in words or numbers. */
const EVIDENCE = [
  'message',
  'self',
  'locals',
  'outers',
  'returned',
  'threw',
  'watches',
  'lastLine',
  'callers',
  'path',
  'stack',
  'span',
  'metric',
  'context',
  'attributes',
] as const satisfies readonly (keyof CaptureView)[];

/** Fields of captured values that are not the program's. */
const OURS: ReadonlySet<string> = new Set(['type', 'reason', 'rule']);

/** Fields whose members the program named. */
const NAMED: ReadonlySet<string> = new Set(['context', 'attributes']);

/** Whether a text stands in a capture's evidence: in a value, a name, a message, a stack. @param text in small letters */
export function mentions(capture: CaptureView, text: string): boolean {
  const isIn = (value: unknown, field: string): boolean => {
    if (typeof value === 'string') return value.toLowerCase().includes(text);
    if (typeof value === 'number')
      return (field === 'value' || field === 'durationMs') && String(value).includes(text);
    if (Array.isArray(value)) return value.some((item) => isIn(item, 'value'));
    if (typeof value !== 'object' || value === null) return false;
    return Object.entries(value).some(
      ([name, member]) =>
        !OURS.has(name) &&
        (isIn(member, NAMED.has(field) ? 'value' : name) || (NAMED.has(field) && isIn(name, name))),
    );
  };
  return EVIDENCE.some((field) => isIn(capture[field], field));
}
