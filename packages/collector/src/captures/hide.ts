import { BUILT_IN, useRedaction, type Redaction } from '@dormouse/expression/redaction';
import { numberRule, redactText } from '@dormouse/expression/secrets';
import { INCLUDE_LIST_RULE, type CapturedValue } from '@dormouse/protocol';

/**
 * Hiding the secrets of one capture may take so long by the clock, and so much work after that, because a busy machine lets it
 * wait; what is left then is not shown at all.
 */
const HIDE_WITHIN_MS = 25;
/** Texts between two looks at the clock. */
const TEXTS_PER_LOOK = 32;

const HIDDEN_NAME: CapturedValue = { type: 'redacted', rule: 'name' };
const NOT_LISTED: CapturedValue = { type: 'redacted', rule: INCLUDE_LIST_RULE };
const OUT_OF_TIME: CapturedValue = { type: 'omitted', omitted: { reason: 'timeout' } };
const OUT_OF_TIME_TEXT = '[redacted:timeout]';

/**
 * Hides in captures what the rules hide, as the processes that made them should have done: a process may not have its newest
 * policy yet, or be of another making. The rules of texts are those of this process while {@link Hiding.during} runs.
 */
export class Hiding {
  readonly rules: Redaction;
  #hidden = 0;
  #texts = 0;
  /** By the clock; once {@link HIDE_WITHIN_MS} have passed, by {@link workedMs}. */
  #began: number | undefined;
  #worked: number | undefined;
  #isOutOfTime = false;
  /** Programs have few names and use them again and again. */
  readonly #keys = new Map<string, string>();

  constructor(rules: Redaction) {
    this.rules = rules;
  }

  /** Works on one capture. @returns what was made of it, and how many of its values were hidden */
  during<Result>(work: () => Result): { readonly result: Result; readonly hidden: number } {
    this.#hidden = 0;
    this.#texts = 0;
    this.#began = undefined;
    this.#worked = undefined;
    this.#isOutOfTime = false;
    useRedaction(this.rules);
    try {
      return { result: work(), hidden: this.#hidden };
    } finally {
      useRedaction(BUILT_IN);
    }
  }

  /** In place of what has a secret's name. */
  named(): CapturedValue {
    this.#hidden++;
    return HIDDEN_NAME;
  }

  /** In place of what is not on the list of what may be shown. */
  unlisted(): CapturedValue {
    this.#hidden++;
    return NOT_LISTED;
  }

  /** A text without its secrets. */
  text(text: string): string {
    if (text === '') return text;
    if (this.#isLate()) {
      this.#hidden++;
      return OUT_OF_TIME_TEXT;
    }
    const shown = redactText(text);
    if (shown !== text) this.#hidden++;
    return shown;
  }

  /** A value that is a text. */
  textValue<Value extends CapturedValue & { readonly value: string }>(value: Value): CapturedValue {
    const shown = this.text(value.value);
    if (shown === value.value) return value;
    if (shown === OUT_OF_TIME_TEXT) return OUT_OF_TIME;
    return value.type === 'string' ? { ...value, value: shown } : { type: 'redacted', rule: ruleOf(shown) };
  }

  number(value: number): CapturedValue {
    const rule = numberRule(value);
    if (rule === undefined) return { type: 'number', value };
    this.#hidden++;
    return { type: 'redacted', rule };
  }

  /** A property's key, which may have a secret in it. */
  key(key: string): string {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const shown = this.text(key);
    if (key.length <= REMEMBERED_LENGTH && shown === key) {
      if (this.#keys.size >= REMEMBERED) this.#keys.clear();
      this.#keys.set(key, key);
    }
    return shown;
  }

  /** Attributes, each a text by its name. */
  attributes<Value extends string | number | boolean>(
    attributes: Readonly<Record<string, Value>>,
  ): Record<string, Value | string> {
    const shown: Record<string, Value | string> = {};
    for (const [name, value] of Object.entries(attributes)) {
      if (this.rules.isShown(name)) {
        shown[this.key(name)] = typeof value === 'string' ? this.text(value) : value;
      } else {
        shown[this.key(name)] = this.#hiddenAttribute(name, value);
      }
    }
    return shown;
  }

  #hiddenAttribute(name: string, value: string | number | boolean): string {
    const isHidden = typeof value === 'string' && value.startsWith('[redacted:');
    if (isHidden) return value;
    this.#hidden++;
    return `[redacted:${this.rules.isRedacted(name) ? 'name' : INCLUDE_LIST_RULE}]`;
  }

  #isLate(): boolean {
    if (this.#isOutOfTime || this.#texts++ % TEXTS_PER_LOOK !== 0) return this.#isOutOfTime;
    this.#began ??= performance.now();
    if (performance.now() - this.#began <= HIDE_WITHIN_MS) return false;
    this.#worked ??= workedMs();
    this.#isOutOfTime = workedMs() - this.#worked > HIDE_WITHIN_MS;
    return this.#isOutOfTime;
  }
}

/** How long this thread has worked; where Node does not know, it is the clock that counts. */
function workedMs(): number {
  if (!('threadCpuUsage' in process)) return performance.now();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

const REMEMBERED = 2_000;
const REMEMBERED_LENGTH = 40;

/** `[redacted:card]` and what stands around it: `card`. */
const ruleOf = (shown: string): string => /\[redacted:([^\]]*)\]/.exec(shown)?.[1] ?? 'name';
