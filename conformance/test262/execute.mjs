/** Runs one test of test262 unwoven, woven, and woven with every point armed, and tells what each did. */
import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { weave } from '@dormouse/transformer';
import { armFile } from '../arm.mjs';
import { frontMatter } from './front-matter.mjs';
import { createRealm } from './realm.mjs';

const MS_TO_WAIT = 3_000;

/**
 * @param {string} directory the checkout of test262
 * @param {string} path of the test in it
 * @param {(state: 'original' | 'idle' | 'armed') => void} enter is told what is run next
 * @returns {Promise<object[]>} one result per way in which the test is to be run: sloppy, strict, as a module
 */
export async function execute(directory, path, enter) {
  const code = readFileSync(resolve(directory, path), 'utf8');
  const about = frontMatter(code);
  const results = [];
  for (const mode of modes(about.flags))
    results.push(await inAllStates({ directory, path, code, about, mode }, enter));
  return results;
}

function modes(flags) {
  if (flags.has('module')) return ['module'];
  if (flags.has('onlyStrict')) return ['strict'];
  if (flags.has('noStrict') || flags.has('raw')) return ['sloppy'];
  return ['sloppy', 'strict'];
}

async function inAllStates(test, enter) {
  const weaver = createWeaver(test.directory);
  enter('original');
  const original = await outcome(test, (code) => code);
  enter('idle');
  const idle = await outcome(test, (code, path, goal) => weaver.weave(code, path, goal).code);
  enter('armed');
  const isWoven = weaver.skipped() === undefined;
  const armed = isWoven ? await outcome(test, weaver.weaveArmed) : idle;
  return {
    path: test.path,
    mode: test.mode,
    expected: expectation(test.about),
    original,
    idle,
    armed,
    ...(!isWoven && { skipped: weaver.skipped() }),
    wrong: weaver.wrong,
  };
}

/** Weaves the files of a test, each once; the first of them is the test itself. */
function createWeaver(directory) {
  const files = new Map();
  const wrong = [];
  const weaveOnce = (code, path, goal) => {
    const key = `${goal} ${path}`;
    let woven = files.get(key);
    if (woven === undefined) {
      const filename = relative(directory, path).replace(/\.js$/, goal === 'module' ? '.mjs' : '.cjs');
      woven = weave(code, { filename, goal, root: '.' });
      files.set(key, woven);
    }
    return woven;
  };
  return {
    wrong,
    weave: weaveOnce,
    weaveArmed(code, path, goal, globalObject) {
      const woven = weaveOnce(code, path, goal);
      if (woven.manifest) armFile(globalObject, woven.manifest, (sentence) => wrong.push(sentence));
      return woven.code;
    },
    skipped() {
      const [first] = files.values();
      return first.manifest === null ? first.skipped.at(-1) : undefined;
    },
  };
}

async function outcome({ directory, path, code, about, mode }, prepare) {
  const realm = createRealm(directory, prepare);
  let phase = 'harness';
  try {
    if (!about.flags.has('raw')) {
      realm.include('assert.js');
      realm.include('sta.js');
      if (about.flags.has('async')) realm.include('doneprintHandle.js');
      for (const name of about.includes) realm.include(name);
    }
    const text = mode === 'strict' ? `"use strict";\n${code}` : code;
    const goal = mode === 'module' ? 'module' : 'script';
    await realm.run(text, resolve(directory, path), goal, (next) => {
      phase = next;
    });
    if (!about.flags.has('async')) return 'completed';
    return await Promise.race([realm.done, patience()]);
  } catch (error) {
    return `${phase}: ${describe(error)}`;
  }
}

function patience() {
  return new Promise((resolve) => setTimeout(resolve, MS_TO_WAIT, 'no end').unref());
}

function describe(error) {
  try {
    return `${error.name ?? error.constructor?.name}: ${error.message}`;
  } catch {
    return 'an error that cannot be read';
  }
}

/** The outcome that the test asks of an engine, or its beginning. */
function expectation({ flags, negative }) {
  if (negative) return { phase: negative.phase, type: negative.type };
  return flags.has('async') ? 'Test262:AsyncTestComplete' : 'completed';
}
