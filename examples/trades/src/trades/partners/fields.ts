import type { Message } from './message.js';

/** Which field of `T` each tag fills. */
export type TagMapping<T> = Readonly<Record<string, keyof T & string>>;

/** Copies the values that a message carries into the fields their tags are mapped to. */
export function assignFields<T extends object>(target: T, message: Message, mapping: TagMapping<T>): T {
  for (const [tag, field] of Object.entries(mapping)) {
    const value = message.get(tag);
    if (value !== undefined) Reflect.set(target, field, value);
  }
  return target;
}
