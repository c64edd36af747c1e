import { EDGE, LINE_BREAK, WORD_UNIT } from './alphabet.js';
import { ASSERTIONS } from './program.js';

const [START, END, LINE_START, LINE_END, WORD_EDGE] = ASSERTIONS.map((_, index) => index);

/** Whether an assertion holds between two characters of these kinds. */
export function holds(assertion: number, before: number, after: number): boolean {
  switch (assertion) {
    case START:
      return before === EDGE;
    case END:
      return after === EDGE;
    case LINE_START:
      return before === EDGE || before === LINE_BREAK;
    case LINE_END:
      return after === EDGE || after === LINE_BREAK;
    default:
      return ((before === WORD_UNIT) !== (after === WORD_UNIT)) === (assertion === WORD_EDGE);
  }
}
