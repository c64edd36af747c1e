import type { CapturedValue, CaptureView } from '@dormouse/protocol';
import { partsOf } from './value.js';

/** `order.highValue`, and texts, which name nothing. */
const PATHS =
  /'[^']*'|"[^"]*"|`[^`]*`|[\p{ID_Start}_$][\p{ID_Continue}$]*(?:\.[\p{ID_Start}_$][\p{ID_Continue}$]*)*/gu;

/** What a capture has of the variables that an expression names, by how it names them. */
export function mentioned(
  expression: string,
  { locals = [] }: CaptureView,
): ReadonlyMap<string, CapturedValue> {
  const found = new Map<string, CapturedValue>();
  for (const [path] of expression.matchAll(PATHS)) {
    const [root, ...steps] = path.split('.');
    const variable = locals.find(({ key }) => key === root)?.value;
    const value = steps.reduce(
      (at, step) => at && partsOf(at).find(({ name }) => name === step)?.value,
      variable as CapturedValue | undefined,
    );
    if (value !== undefined) found.set(path, value);
  }
  return found;
}
