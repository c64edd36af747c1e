import type { StackFrame } from '@dormouse/protocol';
import { includes } from '../intrinsics.js';
import { ENTER_TWIN_NAME, HOOKS_NAME } from '../switchboard/named.js';
import { callSitesOf, takeTrace, type Trace } from './call-sites.js';

/** Frames of ours that may stand among the program's. */
const SPARE_FRAMES = 12;

/** Stacks that may wait to be read: as long as they do, V8 keeps what was called, and on what, alive. */
const MOST_UNREAD = 200;

interface Unread {
  readonly trace: Trace;
  readonly limit: number;
  readonly frames: StackFrame[];
}

let unread: Unread[] = [];

/**
 * The stack below a hook as the unwoven program would have it, with emitted files (paths or URLs) and
 * positions; `SourcePositions` translates them later. Taken on the hit path, where it costs a third of what reading
 * it does.
 * @returns the frames, none of them before the next {@link readStacks}
 */
export function takeStack(limit: number, hook: (...args: never[]) => unknown): readonly StackFrame[] {
  if (unread.length >= MOST_UNREAD) readStacks();
  const frames: StackFrame[] = [];
  const trace = takeTrace(limit + SPARE_FRAMES, hook);
  if (trace !== undefined) unread[unread.length] = { trace, limit, frames };
  return frames;
}

/** Fills in the frames of all stacks that were taken. To be called off the hit path, before anybody looks at them. */
export function readStacks(): void {
  readFirst(unread.length);
}

/** Fills in frames that {@link takeStack} has returned, and all that it had returned before. */
export function readStacksTo(frames: readonly StackFrame[]): void {
  for (let index = 0; index < unread.length; index++) {
    if (unread[index]?.frames === frames) return readFirst(index + 1);
  }
}

function readFirst(count: number): void {
  const stacks = unread;
  unread = [];
  for (let index = count; index < stacks.length; index++) unread[unread.length] = stacks[index] as Unread;
  for (let index = 0; index < count; index++) readStack(stacks[index] as Unread);
}

function readStack({ trace, limit, frames }: Unread): void {
  const sites = callSitesOf(trace);
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
      ...(site.isAsync() && { async: true }),
    };
    index = ownerIndex;
  }
}

/** The hooks of a call's begin and end stand right on the entry of the twin, or in place of it. */
function isOurs(site: NodeJS.CallSite): boolean {
  const name = site.getFunctionName();
  return name === HOOKS_NAME || name === ENTER_TWIN_NAME;
}

/** `price`, `Ledger.settle`, `new Ledger`: as V8 prints them, without the classes that say nothing. */
function functionName(site: NodeJS.CallSite): string {
  const name = site.getFunctionName() ?? '<anonymous>';
  if (site.isConstructor()) return `new ${name}`;
  const type = site.isToplevel() ? null : site.getTypeName();
  return type === null || type === 'Object' || type === 'Function' || includes(name, '.')
    ? name
    : `${type}.${name}`;
}
