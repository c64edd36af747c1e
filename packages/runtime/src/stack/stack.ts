import type { StackFrame } from '@dormouse/protocol';
import { includes } from '../intrinsics.js';
import { HOOKS_NAME } from '../switchboard/hooked-function.js';
import { ENTER_TWIN_NAME } from '../switchboard/enter-twin.js';
import { callSites } from './call-sites.js';

/** Frames of ours that may stand among the program's. */
const SPARE_FRAMES = 12;

/**
 * The stack below a hook as the unwoven program would have it, with emitted files (paths or URLs) and
 * positions; `SourcePositions` translates them later, off the hit path.
 */
export function takeStack(limit: number, hook: (...args: never[]) => unknown): StackFrame[] {
  const sites = callSites(limit + SPARE_FRAMES, hook);
  const frames: StackFrame[] = [];
  for (let index = 0; index < sites.length && frames.length < limit; index++) {
    const site = sites[index] as NodeJS.CallSite;
    if (isOurs(site)) continue;
    // A twin is called by our entry, which was called by the function it is the twin of: one function, several frames.
    let ownerIndex = index;
    while (sites[ownerIndex + 1]?.getFunctionName() === ENTER_TWIN_NAME) ownerIndex++;
    if (ownerIndex > index) ownerIndex++;
    const owner = sites[ownerIndex] ?? site;
    frames[frames.length] = {
      function: functionName(owner),
      file: site.getFileName() ?? site.getEvalOrigin() ?? '<anonymous>',
      line: site.getLineNumber() ?? 0,
      column: site.getColumnNumber() ?? 0,
    };
    index = ownerIndex;
  }
  return frames;
}

/** The hooks of a call's begin and end stand right on the entry of the twin, or in place of it. */
function isOurs(site: NodeJS.CallSite): boolean {
  const name = site.getFunctionName();
  return name === HOOKS_NAME || name === ENTER_TWIN_NAME;
}

/** `price`, `Ledger.settle`, `new Ledger`, `async settle`: as V8 prints them, without the classes that say nothing. */
function functionName(site: NodeJS.CallSite): string {
  const name = site.getFunctionName() ?? '<anonymous>';
  if (site.isConstructor()) return `new ${name}`;
  const type = site.isToplevel() ? null : site.getTypeName();
  const qualified =
    type === null || type === 'Object' || type === 'Function' || includes(name, '.')
      ? name
      : `${type}.${name}`;
  return site.isAsync() ? `async ${qualified}` : qualified;
}
