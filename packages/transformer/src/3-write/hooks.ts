import type { Place } from '../2-plan/point.js';
import type { FunctionPlan, PointPlan, Variable } from '../2-plan/plan.js';
import type { ts } from '../1-parse/typescript.js';
import type { Insertion } from './insertion.js';

/**
 * The hooks of one function. `hooks` is the text that reads its hooks object: `$p` in a twin,
 * `$dm_….f3?` elsewhere.
 */
export function hookInsertions(plan: FunctionPlan, file: ts.SourceFile, hooks: string): readonly Insertion[] {
  return plan.points.flatMap((point) => {
    const start = point.node.getStart(file);
    const [open, afterHook, close] = AROUND[point.place];
    const opening = open + hookCall(point, hooks) + afterHook;
    return [
      { at: start, side: 'before', pieces: [{ text: opening, origin: start }] },
      { at: point.node.end, side: 'after', pieces: [{ text: close, origin: undefined }] },
    ];
  });
}

/** The text before the hook, between hook and statement or expression, and after that. */
const AROUND: Readonly<Record<Place, readonly [string, string, string]>> = {
  before: ['', ';', ''],
  block: ['{', ';', '}'],
  expression: ['(', ',', ')'],
};

/** `$p.l7?.(this,cart,total,()=>[LIMIT])` */
export function hookCall({ index, self, locals, outers }: PointPlan, hooks: string): string {
  const values = [self ? 'this' : 'void 0', ...locals.map(nameInCode)];
  if (outers.length > 0) values.push(`()=>[${outers.map(nameInCode).join(',')}]`);
  return `${hooks}.l${index}?.(${values.join(',')})`;
}

function nameInCode({ binding }: Variable): string {
  return binding.name;
}
