import { EVERYWHERE_PATH } from '@dormouse/protocol';

/** Whether what holds in a place holds in another: that is the same, or in it. */
export const covers = (place: string, other: string): boolean =>
  place === EVERYWHERE_PATH || place === other || other.startsWith(`${place}/`);

/** Whether a binding is for a service: one of its patterns matches, or it has none. */
export const isForService = (patterns: readonly string[], service: string): boolean =>
  patterns.length === 0 || patterns.some((pattern) => matches(pattern, service));

/** `*` stands for any text. */
const matches = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll('*', '.*')}$`, 's').test(text);
