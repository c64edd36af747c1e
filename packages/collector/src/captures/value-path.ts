import type { CapturedProperty, CapturedValue, CaptureView } from '@dormouse/protocol';
import { partsOf } from './parts.js';

/** What a path leads to, or why it leads nowhere. */
export type Found =
  | { readonly value: CapturedValue }
  | {
      readonly missing: string;
      /** There may be something: it was hidden, or was not captured. */
      readonly isUnknown?: true;
    };

/** Names, and `[…]` with a number or a quoted text. */
const SEGMENT = /\.?([\p{L}_$#][\p{L}\p{N}_$]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|\['([^']*)'\]/uy;

/** `order.items[0].sku` as `['order', 'items', '0', 'sku']`; nothing for what is no path. */
export function parsePath(path: string): string[] | undefined {
  const { segments, end } = readPath(path, 0);
  return segments.length > 0 && end === path.length ? segments : undefined;
}

/** Reads a path that begins at a place in a text. @returns no segments where none begins, and where it ends */
export function readPath(text: string, start: number): { readonly segments: string[]; readonly end: number } {
  const segments: string[] = [];
  let at = start;
  while (at < text.length) {
    SEGMENT.lastIndex = at;
    const match = SEGMENT.exec(text);
    if (match === null) break;
    const [, name, index, doubleQuoted, quoted] = match;
    segments.push(name ?? index ?? quoted ?? unquote(doubleQuoted!));
    at = SEGMENT.lastIndex;
  }
  return { segments, end: at };
}

/** A text in double quotes; what JSON does not know of escapes stays as it is written. */
function unquote(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted.slice(1, -1);
  }
}

/**
 * The value at a path of a capture: of its variables, `this`, `returned`, `threw`, or of a watch expression by its exact
 * text.
 */
export function valueAt(capture: CaptureView, path: string): Found {
  const watch = capture.watches?.find(({ source }) => source === path);
  if (watch !== undefined) {
    return watch.value === undefined ? { missing: watch.error ?? 'it had no value' } : { value: watch.value };
  }
  const segments = parsePath(path);
  if (segments === undefined) return { missing: 'that is no path: order.items[0].sku is one' };
  return valueOf(capture, segments);
}

/** The same for a path that was read. */
export function valueOf(capture: CaptureView, [root = '', ...members]: readonly string[]): Found {
  const start = rootOf(capture, root) ?? SECTIONS[root]?.(capture);
  if (start === undefined) return { missing: `the capture has no ${root}` };
  return follow(capture, start, members, root);
}

const text = (value: string): CapturedValue => ({ type: 'string', value });
const number = (value: number): CapturedValue => ({ type: 'number', value });
const record = (properties: readonly CapturedProperty[]): CapturedValue => ({
  type: 'object',
  class: null,
  properties,
});
const attribute = (value: string | number | boolean): CapturedValue =>
  typeof value === 'string'
    ? text(value)
    : typeof value === 'number'
      ? number(value)
      : { type: 'boolean', value };
const attributes = (named: Readonly<Record<string, string | number | boolean>>): CapturedValue =>
  record(Object.entries(named).map(([key, value]) => ({ key, value: attribute(value) })));

/** What a path may begin with besides variables, which come first: `locals.order`, `context.user`. */
const SECTIONS: Readonly<Record<string, (capture: CaptureView) => CapturedValue | undefined>> = {
  locals: ({ locals }) => locals && record(locals),
  outers: ({ outers }) => outers && record(outers),
  lastLine: ({ lastLine }) => lastLine && record(lastLine.locals),
  watches: ({ watches }) =>
    watches &&
    record(watches.flatMap(({ source, value }) => (value === undefined ? [] : [{ key: source, value }]))),
  context: ({ context }) => context && attributes(context),
  attributes: ({ attributes: tags, span }) => {
    const named = tags ?? span?.attributes;
    return named && attributes(named);
  },
  message: ({ message }) => (message === undefined ? undefined : text(message)),
  durationMs: ({ durationMs, span }) => {
    const ms = durationMs ?? span?.durationMs;
    return ms === undefined ? undefined : number(ms);
  },
};

/** All that a path of this capture can begin with. */
export function rootsOf(capture: CaptureView): CapturedProperty[] {
  const { self, locals = [], outers = [], returned, threw } = capture;
  return [
    ...(self === undefined ? [] : [{ key: 'this', value: self }]),
    ...locals,
    ...outers,
    ...(returned === undefined ? [] : [{ key: 'returned', value: returned }]),
    ...(threw === undefined ? [] : [{ key: 'threw', value: threw }]),
  ];
}

const rootOf = (capture: CaptureView, name: string): CapturedValue | undefined =>
  rootsOf(capture).find(({ key }) => key === name)?.value;

function follow(capture: CaptureView, start: CapturedValue, members: readonly string[], root: string): Found {
  let value = dereference(capture, start);
  let walked = root;
  for (const member of members) {
    const next = memberOf(value, member);
    if (next === undefined) return whyMissing(value, walked, member);
    value = dereference(capture, next);
    walked += `.${member}`;
  }
  return { value };
}

function memberOf(value: CapturedValue, member: string): CapturedValue | undefined {
  switch (value.type) {
    case 'object':
      return propertyOf(value.properties, member);
    case 'error':
      if (member === 'message') return { type: 'string', value: value.message };
      if (member === 'cause') return value.cause;
      return propertyOf(value.properties, member);
    case 'array':
      if (member === 'length') return { type: 'number', value: value.length };
      return value.items[Number(member)];
    case 'set':
      if (member === 'size') return { type: 'number', value: value.size };
      return value.items[Number(member)];
    case 'map':
      if (member === 'size') return { type: 'number', value: value.size };
      return value.entries.find(([key]) => 'value' in key && String(key.value) === member)?.[1];
    case 'string':
      return member === 'length' ? { type: 'number', value: value.length ?? value.value.length } : undefined;
    default:
      return undefined;
  }
}

const propertyOf = (properties: readonly CapturedProperty[], name: string): CapturedValue | undefined =>
  properties.find(({ key }) => key === name)?.value;

function whyMissing(value: CapturedValue, walked: string, member: string): Found {
  if (value.type === 'redacted') return { missing: `${walked} is redacted`, isUnknown: true };
  const omitted = 'omitted' in value ? value.omitted : undefined;
  if (omitted === undefined) return { missing: `${walked} has no ${member}` };
  return {
    missing: `${walked} was not captured whole (${omitted.reason}): a watch expression, or a larger capture, would show ${member}`,
    isUnknown: true,
  };
}

function dereference(capture: CaptureView, value: CapturedValue): CapturedValue {
  if (value.type !== 'reference') return value;
  for (const { value: root } of rootsOf(capture)) {
    const found = findById(root, value.id);
    if (found !== undefined) return found;
  }
  return value;
}

function findById(value: CapturedValue, id: number): CapturedValue | undefined {
  if ('id' in value && value.type !== 'reference' && value.id === id) return value;
  for (const child of partsOf(value)) {
    const found = findById(child, id);
    if (found !== undefined) return found;
  }
  return undefined;
}
