import { compile, verifyExpression } from '@dormouse/expression/evaluate';
import type { CompiledExpression, Expression } from '@dormouse/protocol';
import { contextObject } from '../context/current.js';
import { UNINITIALISED, type Frame, type FrameLayout } from './frame.js';

/** An expression compiled against the frames of one point. */
export interface Program {
  readonly source: string;
  /** Whether the frame must be filled first: a condition on locals alone needs nothing but them. */
  readonly needsFilledFrame: boolean;
  /** Whether it reads how a call ended. */
  readonly readsEnd: boolean;
  /** @throws where the expression has no value; never runs the program's code */
  evaluate(frame: Frame): unknown;
}

/** @throws where the tree is not one the language could have made */
export function compileProgram(expression: CompiledExpression, layout: FrameLayout): Program {
  const { source, tree } = verifyExpression(expression);
  const run = compile(tree, layout.slots);
  const text = JSON.stringify(tree);
  const mentions = (name: string): boolean => text.includes(JSON.stringify(name));
  const readsOuters = layout.outers.some(mentions);
  const readsContext = mentions('$ctx');
  return {
    source,
    needsFilledFrame: readsOuters || readsContext || mentions('$hits'),
    readsEnd: readsEnd(tree),
    evaluate: readsOuters || readsContext ? evaluateWith : run,
  };

  function evaluateWith(frame: Frame): unknown {
    if (readsOuters) checkOuters(frame, layout);
    if (readsContext) frame[layout.context] = contextObject();
    return run(frame);
  }
}

/** Whether a part of an expression reads how a call ended. */
export function readsEnd(tree: Expression): boolean {
  const text = JSON.stringify(tree);
  return text.includes('"$return"') || text.includes('"$error"') || text.includes('"$duration"');
}

/** @throws where the outer variables have no values yet */
function checkOuters(frame: Frame, layout: FrameLayout): void {
  if (frame[layout.firstOuter] === UNINITIALISED) {
    throw new Error(`one of ${layout.outers.join(', ')} is not initialised yet`);
  }
}
