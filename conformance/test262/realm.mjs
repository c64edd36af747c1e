/** A fresh realm with what test262 expects of its host (INTERPRETING.md there), and a loader for the files of one test. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import vm from 'node:vm';

const harness = new Map();

/** The harness' scripts are compiled once a process; each realm runs them anew. */
function harnessScript(directory, name) {
  let script = harness.get(name);
  if (script === undefined) {
    script = new vm.Script(readFileSync(resolve(directory, 'harness', name), 'utf8'), { filename: name });
    harness.set(name, script);
  }
  return script;
}

/**
 * @param {string} directory the checkout of test262
 * @param {(code: string, path: string, goal: 'script' | 'module', globalObject: object) => string} prepare
 *   the text to run for a file
 */
export function createRealm(directory, prepare) {
  let complete;
  const done = new Promise((resolve) => (complete = resolve));
  const context = vm.createContext(Object.create(null));
  const globalObject = vm.runInContext('globalThis', context);
  const modules = new Map();

  const host = (within) => {
    const global = vm.runInContext('globalThis', within);
    return {
      global,
      gc: () => undefined,
      createRealm: () => host(vm.createContext(Object.create(null))),
      detachArrayBuffer: (buffer) => void structuredClone(buffer, { transfer: [buffer] }),
      evalScript: (code) => vm.runInContext(code, within, { importModuleDynamically }),
    };
  };
  const define = (name, value) =>
    Object.defineProperty(globalObject, name, { value, writable: true, configurable: true });
  define('$262', host(context));
  define('print', (line) => {
    if (String(line).startsWith('Test262:Async')) complete(String(line));
  });

  function open(path, attributes = {}) {
    const key = `${attributes.type ?? ''} ${path}`;
    const known = modules.get(key);
    if (known) return known;
    const module = read(path, attributes);
    modules.set(key, module);
    return module;
  }

  function read(path, attributes) {
    if (path.startsWith('data:')) {
      return sourceModule(decodeURIComponent(path.slice(path.indexOf(',') + 1)), path);
    }
    const text = readFileSync(path, 'utf8');
    if (attributes.type !== 'json') return sourceModule(prepare(text, path, 'module', globalObject), path);
    const value = vm.runInContext('JSON.parse', context)(text);
    return new vm.SyntheticModule(
      ['default'],
      function () {
        this.setExport('default', value);
      },
      { context },
    );
  }

  function sourceModule(code, identifier) {
    return new vm.SourceTextModule(code, {
      context,
      identifier,
      importModuleDynamically,
      initializeImportMeta: (meta) => {
        meta.url = identifier;
      },
    });
  }

  const linked = new Map();
  function link(module) {
    let linking = linked.get(module);
    if (linking === undefined) {
      linking = module.status === 'unlinked' ? module.link(openFor) : Promise.resolve();
      linked.set(module, linking);
    }
    return linking;
  }

  function openFor(specifier, { identifier }, { attributes }) {
    return open(locate(specifier, identifier), attributes);
  }

  async function importModule(module) {
    await link(module);
    await module.evaluate();
    return module;
  }

  async function importModuleDynamically(specifier, referrer, attributes) {
    return importModule(open(locate(specifier, referrer.identifier ?? entry), attributes));
  }

  let entry = '';
  return {
    done,
    include: (name) => harnessScript(directory, name).runInContext(context),
    /** Parses, links and runs a test; throws what it throws, with `phase` told to `enter`. */
    async run(code, path, goal, enter) {
      entry = path;
      enter('parse');
      const text = prepare(code, path, goal, globalObject);
      if (goal === 'script') {
        const script = new vm.Script(text, { filename: path, importModuleDynamically });
        enter('runtime');
        return void script.runInContext(context);
      }
      const module = sourceModule(text, path);
      modules.set(` ${path}`, module);
      enter('resolution');
      await link(module);
      enter('runtime');
      await module.evaluate();
    },
  };
}

function locate(specifier, from) {
  return specifier.startsWith('data:') ? specifier : resolve(dirname(from), specifier);
}
