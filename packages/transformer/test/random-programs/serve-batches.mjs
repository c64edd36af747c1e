/**
 * Runs programs that its parent sends, woven and not, and sends back where they differ. Plain
 * JavaScript, because every Node version under test runs it.
 */
import { inspect } from 'node:util';
import vm from 'node:vm';
import { arm } from './arm.mjs';

/** The text of functions is the one thing that weaving changes. */
const NO_SOURCE_TEXT = `Function.prototype.toString = function () { return 'function ' + this.name };`;
const REGISTRY = `Object.defineProperty(globalThis, Symbol.for('dormouse.woven'), { value: [] });`;

/** How deep a program may recurse is one of the documented differences. */
const STACK_OVERFLOW = 'Maximum call stack size exceeded';

// Programs reject promises nobody handles; what they trace until then is what counts.
process.on('unhandledRejection', () => undefined);
process.on('message', async ({ id, programs }) => process.send({ id, ...(await runBatch(programs)) }));

/** A batch shares its realms; what a program leaves behind in one, it leaves behind in all. */
async function runBatch(programs) {
  const realms = {
    original: realm(''),
    alone: realm(''),
    idle: realm(REGISTRY),
    armed: realm(REGISTRY),
  };
  const differences = [];
  let traced = 0;
  for (const program of programs) {
    const { name, original, woven, manifest } = program;
    const expected = await run(realms.original, name, original);
    traced += expected.traced.length;
    if (expected.traced.some((line) => line.includes(STACK_OVERFLOW))) continue;
    for (const state of ['alone', 'idle', 'armed']) {
      const wrong = [];
      if (state === 'armed' && manifest) arm(realms.armed.global, manifest, (problem) => wrong.push(problem));
      const actual = await run(realms[state], name, woven);
      if (state === 'armed') actual.stacks = expected.stacks; // A twin has one line only.
      const difference = firstDifference(expected, actual) ?? wrong[0];
      if (difference !== undefined) differences.push({ number: program.number, state, difference });
    }
  }
  return { traced, differences };
}

function realm(setup) {
  const context = vm.createContext({});
  vm.runInContext(NO_SOURCE_TEXT + setup, context);
  return { context, global: vm.runInContext('globalThis', context) };
}

async function run({ context }, name, code) {
  const traced = [];
  const stacks = [];
  const show = (value) => {
    if (!isError(value))
      return withoutCount(withoutFrames(inspect(value, { depth: 3, breakLength: Infinity })));
    stacks.push(ownFrames(value, name));
    return `${value.name}: ${withoutSource(value.message)}`;
  };
  context.host = {
    trace: (...values) => void traced.push(values.map(show).join(' ')),
    later: (promise) => void promise,
  };
  try {
    // Programs use no timers: whatever they still do, they do before the next turn.
    await Promise.race([evaluate(context, name, code), nextTurn()]);
  } catch (error) {
    traced.push(`ended by ${show(error)}`);
  }
  await nextTurn();
  return { traced, stacks };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

function isError(value) {
  return value !== null && typeof value === 'object' && typeof value.message === 'string' && 'stack' in value;
}

const withoutFrames = (text) => text.replaceAll(/\n\s+at .*/g, '');

/**
 * V8 quotes a function that was used as a key or as a class by its text, and what was called in vain by a rendering of
 * its expression, in which a function counts by what its body is made of; behind a label it does not find what `yield*`
 * delegates to, unless more statements are there.
 */
const withoutSource = (message) =>
  withoutCount(
    message
      .replace(/ (?:\((?:reading|setting)|search for) '[^]*/, '')
      .replace(/^(Class extends value) [^]*( is not a constructor or null)$/, '$1$2')
      .replace(/^yield\* [^]* is not (?:async )?iterable$/, 'undefined is not a function'),
  );

const withoutCount = (text) => text.replaceAll(/(?:\(intermediate value\))+/g, '(intermediate value)');

/**
 * `function:line` of every frame that is the program's. Where a class initialises itself, V8 gives the
 * frame around it the position of whatever ran before; where it knows none, as for `() => (missing)?.x`, it says 1:1.
 */
function ownFrames({ stack }, name) {
  const frames = [...String(stack).matchAll(/at (?:(.*) \()?(.*?):(\d+):(\d+)\)?$/gm)];
  return frames
    .filter(([, , path]) => path === name)
    .map(([, caller = '', , line, column], n, own) => {
      if (own[n - 1]?.[1]?.endsWith('_initializer>')) return caller;
      return line === '1' && column === '1' ? UNKNOWN : `${caller}:${line}`;
    });
}

/** V8 makes up names for functions that have none, from what is assigned around them and called behind them. */
const HAS_NO_NAME = /^(?:|\$r|.*<anonymous>):/;

const UNKNOWN = 'unknown';

function areSameFrames(expected, actual) {
  const isSame = (frame, n) =>
    frame === expected[n] ||
    expected[n] === UNKNOWN ||
    (HAS_NO_NAME.test(frame) && lineOf(frame) === lineOf(expected[n]));
  return expected.length === actual.length && actual.every(isSame);
}

const lineOf = (frame) => frame.slice(frame.lastIndexOf(':'));

async function evaluate(context, name, code) {
  if (name.endsWith('.cjs')) {
    const names = ['exports', 'require', 'module'];
    const body = vm.compileFunction(code.replace(/^#!/, '//'), names, {
      filename: name,
      parsingContext: context,
    });
    return void body.call({}, {}, undefined, {});
  }
  const open = (text, identifier) => new vm.SourceTextModule(text, { context, identifier });
  const entry = open(code, name);
  await entry.link((specifier) =>
    open(decodeURIComponent(specifier.slice(specifier.indexOf(',') + 1)), specifier),
  );
  await entry.evaluate();
}

function firstDifference(expected, actual) {
  return (
    differenceIn('traced', expected.traced, actual.traced, (a, b) => a === b) ??
    differenceIn('stack', expected.stacks, actual.stacks, areSameFrames)
  );
}

function differenceIn(what, expected, actual, isSame) {
  for (let n = 0; n < Math.max(expected.length, actual.length); n++) {
    const isMissing = n >= actual.length || n >= expected.length;
    if (isMissing || !isSame(expected[n], actual[n]))
      return `${what} ${n}: ${show(actual[n])}\n  instead of ${show(expected[n])}`;
  }
  return undefined;
}

const show = (found) => (Array.isArray(found) ? found.join(' < ') : (found ?? 'nothing'));
