import { LIMITS } from '@dormouse/protocol';
import { EvaluationError } from './evaluation-error.js';

/**
 * The step budget. A tree without loops costs at most its nodes, which `verify` has counted; so steps are
 * spent only on what depends on data: rounds of a predicate, elements, characters. Evaluation is
 * synchronous and runs nobody else's code, so one budget, refilled at each start, serves all.
 */
const budget = { left: 0 };

/** Characters that one step reads: native string operations take about a nanosecond per character or less. */
const CHARACTERS_PER_STEP = 64;

export function refill(): void {
  budget.left = LIMITS.expressionSteps;
}

export function spend(steps: number): void {
  budget.left -= steps;
  if (budget.left < 0) {
    throw new EvaluationError(
      `more than ${LIMITS.expressionSteps} steps: too many elements or too long a text for one evaluation`,
    );
  }
}

export function spendCharacters(text: string): void {
  if (text.length >= CHARACTERS_PER_STEP) spend(text.length / CHARACTERS_PER_STEP);
}
