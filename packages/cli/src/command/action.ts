import { nearest } from './nearest.js';
import { UsageError } from '../failure.js';
import type { Positional } from './command.js';

/**
 * What a word asks for.
 * @param others words that are no less good, and were looked at before
 * @throws {UsageError} for a word that is none of them, with the one that was probably meant
 */
export function actionNamed<Action>(
  actions: Readonly<Record<string, Action>>,
  word: string,
  others: readonly string[] = [],
): Action {
  const action = Object.hasOwn(actions, word) ? actions[word] : undefined;
  if (action !== undefined) return action;
  const words = [...others, ...Object.keys(actions)];
  throw new UsageError(`"${word}" is none of ${words.join(', ')}.`, nearest(word, words));
}

/** The word that says what a command is to do. @param standard what it does without one */
export const actionPositional = (
  actions: Readonly<Record<string, unknown>>,
  standard: string,
): Positional => ({
  name: 'ACTION',
  values: Object.keys(actions),
  summary: `${Object.keys(actions).join(', ')}; default ${standard}`,
  optional: true,
});
