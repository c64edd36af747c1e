import type ts from 'typescript';

/**
 * What TypeScript 5 and 6 write emitted files with, for the time of one `emit`. It is not part of their public API, but
 * every one of their own transformers is given it, and there will be no other JavaScript TypeScript.
 */
export interface EmitHost {
  writeFile: ts.WriteFileCallback;
}

/** The host of this `emit`; undefined where nothing is emitted, as for `ts.transform`. */
export function emitHostOf(context: ts.TransformationContext): EmitHost | undefined {
  const { getEmitHost } = context as { getEmitHost?: () => EmitHost | undefined };
  const host = getEmitHost?.();
  return typeof host?.writeFile === 'function' ? host : undefined;
}
