/**
 * Runs a program in a fresh realm and tells what it did. Plain JavaScript, because every Node version
 * under test runs it.
 *
 * A program is { files: [{ path, code, goal, manifest }], state }; its first file is its entry. It
 * calls `trace(…values)` for what it does and `later(promise)` for what it waits for.
 */
import { inspect } from 'node:util';
import vm from 'node:vm';
import { armedFunction } from './armed-function.mjs';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The text of functions is the one thing that weaving changes. */
const NO_SOURCE_TEXT = `Function.prototype.toString = function () { return 'function ' + this.name };`;
const REGISTRY = `Object.defineProperty(globalThis, Symbol.for('dormouse.woven'), { value: [] });`;

export async function run({ files, state }) {
  const traced = [];
  const hits = [];
  const calls = [];
  const contradictions = [];
  const waiting = [];
  const realm = vm.createContext({
    trace: (...values) => void traced.push(values.map(show).join(' ')),
    later: (promise) => void waiting.push(promise),
    lineOf: (error) => lineOf(error, files[0].path),
    setTimeout,
    queueMicrotask,
  });
  vm.runInContext(NO_SOURCE_TEXT, realm);
  if (state === 'registry') vm.runInContext(REGISTRY, realm);
  if (state === 'armed') {
    for (const { manifest } of files) if (manifest) arm(realm, manifest, hits, calls, contradictions);
  }
  let error;
  try {
    await evaluate(files, realm);
    for (const promise of waiting) await Promise.race([promise, pause(100)]);
    await pause(1);
  } catch (thrown) {
    error = show(thrown);
  }
  return {
    traced,
    hits,
    calls: calls.map(({ text, end }) => `${text} ${end}`),
    waits: calls.map(({ text, waits }) => `${text} ${waits.join(', ')}`),
    wrong: [...contradictions, ...wrong(hits, calls)],
    error,
    globals: Object.keys(realm).sort(),
  };
}

function show(value) {
  if (value !== null && typeof value === 'object' && typeof value.message === 'string' && 'stack' in value) {
    return `${value.name}: ${value.message}`;
  }
  return inspect(value, { depth: 4, breakLength: Infinity, showHidden: false });
}

function lineOf(error, path) {
  const frame = String(error.stack)
    .split('\n')
    .find((line) => line.includes(path));
  return Number(/:(\d+):\d+\)?$/.exec(frame ?? '')?.[1]);
}

async function evaluate(files, realm) {
  const [entry] = files;
  if (entry.goal === 'module') return evaluateModule(files, realm);
  const modules = new Map();
  const load = (file) => {
    const known = modules.get(file.path);
    if (known) return known.exports;
    const module = { exports: {} };
    modules.set(file.path, module);
    const names = ['exports', 'require', 'module'];
    const body = vm.compileFunction(file.code.replace(/^#!/, '//'), names, {
      filename: file.path,
      parsingContext: realm,
    });
    const require = (path) => load(files.find((other) => other.path === path));
    body.call(module.exports, module.exports, require, module);
    return module.exports;
  };
  load(entry);
}

async function evaluateModule(files, realm) {
  const modules = new Map();
  const open = (path) => {
    let module = modules.get(path);
    if (module) return module;
    const code = path.startsWith('data:')
      ? decodeURIComponent(path.slice(path.indexOf(',') + 1))
      : files.find((file) => file.path === path).code;
    module = new vm.SourceTextModule(code, { context: realm, identifier: path });
    modules.set(path, module);
    return module;
  };
  const entry = open(files[0].path);
  await entry.link((specifier) => open(specifier));
  await entry.evaluate();
}

/** Arms every function and every point of a file, and checks each hook's values against the manifest. */
function arm(realm, manifest, hits, calls, contradictions) {
  const globalObject = vm.runInContext('globalThis', realm);
  const perSwitch = 64;
  const switches = Math.ceil(manifest.functions.length / perSwitch);
  for (let n = 0; n < switches; n++) {
    const name = `$dm_${manifest.id}${n === 0 ? '' : `_${n}`}`;
    const value = n === 0 ? { [name]: 1, w: (first) => first } : { [name]: 1 };
    for (const woven of manifest.functions.slice(n * perSwitch, (n + 1) * perSwitch)) {
      const hook = (point) => lineHook(manifest, woven, point, hits);
      const began = (values, inTwin) => begin(woven, values, inTwin, calls);
      const report = (problem) => contradictions.push(`${woven.name}: ${problem}`);
      value[`f${woven.index}`] = armedFunction(woven, hook, began, report);
    }
    Object.defineProperty(globalObject, name, { value, configurable: true });
  }
}

/** `f(1, 'x') returned 2`, `f() threw Error: no`, `f() ended`, `f() runs`. */
function begin(woven, [, ...values], inTwin, calls) {
  const call = {
    woven,
    text: `${woven.name}(${values.map(show).join(', ')})`,
    end: 'runs',
    values: values.length,
    inTwin,
    ended(how, value) {
      call.end = how === 'ended' ? how : `${how} ${show(value)}`;
      call.waits.push(how);
    },
    waits: [],
    suspended() {
      call.waits.push('waits');
    },
    resumed() {
      call.waits.push('goes on');
    },
  };
  calls.push(call);
  return call;
}

/** What contradicts the manifest. */
function wrong(hits, calls) {
  return [...hits.flatMap((hit) => hit.wrong ?? []), ...calls.flatMap((call) => wrongCall(call) ?? [])];
}

function wrongCall({ woven, inTwin, text, end, values }) {
  const { exits, parameters } = woven;
  if (values !== parameters.length) return `${text} has ${values} parameters, not ${parameters.length}`;
  if (exits === 'none') return `${text} is told of`;
  if (inTwin && end === 'runs') return `${text} has no end`;
  return undefined;
}

function lineHook(manifest, woven, point, hits) {
  const nameOf = (index) => manifest.names[index];
  return (call, self, ...values) => {
    const hit = {
      function: woven.name,
      form: woven.form,
      line: point.line,
      column: point.column,
      locals: {},
      outers: {},
      call: call?.text,
    };
    if (!point.self && self !== undefined) hit.wrong = `${woven.name}:${point.line} passes this`;
    if (point.self) hit.self = show(self);
    for (const [n, index] of point.locals.entries()) hit.locals[nameOf(index)] = show(values[n]);
    if (point.outers) readOuters(values.at(-1), point, hit, nameOf);
    hits.push(hit);
  };
}

function readOuters(thunk, point, hit, nameOf) {
  let values;
  try {
    values = thunk();
  } catch {
    return;
  }
  if (values.length !== point.outers.length)
    hit.wrong = `outers: ${values.length}, not ${point.outers.length}`;
  for (const [n, index] of point.outers.entries()) hit.outers[nameOf(index)] = show(values[n]);
}
