import { type Redaction, redaction } from '@dormouse/expression/redaction';
import { isRedactedName } from '../redact/names.js';
import { symbolDescription, symbolText } from './primitives.js';
import { partText } from './text.js';
import { intrinsics } from '@dormouse/expression/inspect';

const { uncurry } = intrinsics;

/** How a property's key is shown, and whether its value is. */
export interface ShownKey {
  readonly text: string;
  readonly isSecret: boolean;
}

/** Characters of one key. */
const KEY_LENGTH = 256;

/** Programs have few names and use them again and again: those of this many last met are remembered. */
const REMEMBERED = 2_000;
const REMEMBERED_LENGTH = 40;

const remembered = new Map<string, ShownKey>();
const recall = uncurry(remembered.get) as (keys: typeof remembered, key: string) => ShownKey | undefined;
const remember = uncurry(remembered.set);
const forgetAll = uncurry(remembered.clear);
/** Under which rules they are shown so. */
let rememberedUnder: Redaction | undefined;
const sizeOf = uncurry(intrinsics.getterOf(Map.prototype, 'size')) as (keys: typeof remembered) => number;

export function showKey(key: string | symbol): ShownKey {
  if (typeof key === 'symbol')
    return { text: symbolText(key), isSecret: isRedactedName(symbolDescription(key)) };
  if (rememberedUnder !== redaction()) forget();
  return key.length > REMEMBERED_LENGTH ? look(key) : (recall(remembered, key) ?? lookAndRemember(key));
}

function forget(): void {
  forgetAll(remembered);
  rememberedUnder = redaction();
}

function lookAndRemember(key: string): ShownKey {
  if (sizeOf(remembered) >= REMEMBERED) forgetAll(remembered);
  const shown = look(key);
  remember(remembered, key, shown);
  return shown;
}

const look = (key: string): ShownKey => ({ text: partText(key, KEY_LENGTH), isSecret: isRedactedName(key) });
