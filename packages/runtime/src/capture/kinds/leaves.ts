import { intrinsics, readOwn } from '@dormouse/expression/inspect';
import type { Kind } from '../kind.js';
import { partText } from '../text.js';

const { apply, getOwnPropertyDescriptor, getterOf, regExpPrototype, uncurry } = intrinsics;

/** Objects that are shown in one line. */

/** Characters of a function's name. */
const NAME_LENGTH = 256;

export const functionKind: Kind = {
  start: (target, { budget }) => {
    const name = readOwn(target, 'name');
    const shown = typeof name === 'string' ? partText(name, NAME_LENGTH) : '';
    budget.spendText(shown);
    return { type: 'function', name: shown, class: isClass(target) };
  },
};

/** Only a class's `prototype` cannot be assigned to. */
const isClass = (target: object): boolean =>
  getOwnPropertyDescriptor(target, 'prototype')?.writable === false;

const timeOf = uncurry(Date.prototype.getTime);
const isoTextOf = uncurry(Date.prototype.toISOString);

export const dateKind: Kind = {
  start: (date, { budget }) => {
    const time = timeOf(date);
    const value = time === time ? isoTextOf(date) : 'Invalid Date';
    budget.spendText(value);
    return { type: 'date', value };
  },
};

const sourceOf = uncurry(getterOf(regExpPrototype, 'source')) as (regexp: object) => string;

/** The getter `flags` would ask the object itself; these ask what it is. A Node 20 that builds a snapshot has no `v`. */
const FLAGS = (
  [
    ['d', 'hasIndices'],
    ['g', 'global'],
    ['i', 'ignoreCase'],
    ['m', 'multiline'],
    ['s', 'dotAll'],
    ['u', 'unicode'],
    ['v', 'unicodeSets'],
    ['y', 'sticky'],
  ] as const
)
  .filter(([, property]) => property in regExpPrototype)
  .map(([letter, property]) => ({ letter, isSet: getterOf(regExpPrototype, property) }));

export const regExpKind: Kind = {
  start: (regexp, { budget, limits }) => {
    let flags = '';
    for (let index = 0; index < FLAGS.length; index++) {
      const { letter, isSet } = FLAGS[index]!;
      if (apply(isSet, regexp, [])) flags += letter;
    }
    const source = partText(sourceOf(regexp), limits.stringLength);
    budget.spendText(source);
    return { type: 'regexp', value: `/${source}/${flags}` };
  },
};

export const proxyKind: Kind = { start: () => ({ type: 'proxy' }) };
export const promiseKind: Kind = { start: () => ({ type: 'promise' }) };
export const weakMapKind: Kind = { start: () => ({ type: 'weakmap' }) };
export const weakSetKind: Kind = { start: () => ({ type: 'weakset' }) };
export const weakRefKind: Kind = { start: () => ({ type: 'weakref' }) };

/** `process.env` holds what the program must not tell, under names that nobody could list. */
export const environmentKind: Kind = { start: () => ({ type: 'redacted', rule: 'environment' }) };
