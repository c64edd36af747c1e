import { nearest } from '../command/nearest.js';
import { UsageError } from '../failure.js';

/** What an option may be, by its name. @throws {UsageError} for a word that is none of them, with the one that was probably meant */
export function parseChoice<Choice extends string>(
  option: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((known) => known === text);
  if (choice !== undefined) return choice;
  throw new UsageError(`--${option} ${text} is none of ${choices.join(', ')}.`, nearest(text, choices));
}
