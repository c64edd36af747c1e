import { defineProperty } from '../intrinsics.js';

/** The names by which stacks recognise frames of ours, see `stack/stack.ts`: the entry of a twin, and hooks. */
export const ENTER_TWIN_NAME = 'dormouseEnterTwin';
export const HOOKS_NAME = 'dormouseHooks';

/** Names a function when it is made: bundlers number the names that are written, and minifiers drop them. */
export const named = <Target extends (...values: never[]) => unknown>(name: string, target: Target): Target =>
  defineProperty(target, 'name', { value: name });
