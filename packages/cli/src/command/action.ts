import { nearest } from './nearest.js';
import { UsageError } from '../failure.js';

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
