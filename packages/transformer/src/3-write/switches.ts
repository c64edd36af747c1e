import {
  CONTRACT_VERSION,
  FIRST_ARGUMENT,
  FUNCTIONS_PER_SWITCH,
  type ManifestFile,
  SHAPE_PREFIX,
  SWITCH_PREFIX,
  WOVEN_REGISTRY,
} from '@dormouse/protocol';

/** The text of function `index`'s field: `$dm_1f9c2a60b1c4.f0`. */
export function switchField(id: string, index: number): string {
  return `${switchName(id, Math.floor(index / FUNCTIONS_PER_SWITCH))}.f${index}`;
}

/** The text of the function that returns its first argument: `$dm_1f9c2a60b1c4.w`. */
export function switchFirst(id: string): string {
  return `${switchName(id, 0)}.${FIRST_ARGUMENT}`;
}

function switchName(id: string, n: number): string {
  return `${SWITCH_PREFIX}${id}${n === 0 ? '' : `_${n}`}`;
}

/**
 * The statement that defines a file's switch objects and registers the file, once per realm. It
 * starts with a keyword, so it can never continue a line that ends without a semicolon.
 */
export function definition(id: string, functions: number): string {
  const switches = Array.from({ length: Math.ceil(functions / FUNCTIONS_PER_SWITCH) }, (_, n) =>
    defineSwitch(id, n, functions),
  );
  return `${signature(id)}{${GLOBALS}${switches.join('')}${register(id, functions)}}`;
}

/** The same as a module of its own, for files whose functions can be called before their body runs. */
export function definitionImport(id: string, functions: number): string {
  return `import"${DATA_URL}${encodeURIComponent(definition(id, functions))}";`;
}

/** The same for a bundler, which asks {@link switchModule} for the text of the module. */
export function switchImport(id: string, functions: number): string {
  return `import"./${SWITCH_PREFIX}${id}.${functions}.js";`;
}

/** The text of the module that a woven file imports by this specifier; undefined for any other specifier. */
export function switchModule(specifier: string): string | undefined {
  if (SWITCH_URL.test(specifier)) return decodeURIComponent(specifier.slice(DATA_URL.length));
  const [, id, functions] = SWITCH_MODULE.exec(specifier) ?? [];
  return id === undefined ? undefined : definition(id, Number(functions));
}

const DATA_URL = 'data:text/javascript,';
/** The script that a host runs before a file that was woven with switches that are given. */
export function switchDefinition({ id, functions }: ManifestFile): string {
  return definition(id, functions.length);
}

const SIGNATURE = ['if(globalThis.', '===void 0)'] as const;

function signature(id: string): string {
  return SIGNATURE.join(switchName(id, 0));
}

/** The id of an already woven file. */
export function wovenId(code: string): string | undefined {
  if (!code.includes(SWITCH_PREFIX) && !code.includes(encodeURIComponent(SWITCH_PREFIX))) return undefined;
  return WOVEN.exec(code)?.[1] ?? WOVEN_IMPORT.exec(code)?.[1] ?? SWITCH_IMPORT.exec(code)?.[1];
}

const ID = '([0-9a-f]{12})';
const WOVEN = new RegExp(escaped(SIGNATURE.join('\0')).replace('\0', `${escaped(SWITCH_PREFIX)}${ID}`));
const WOVEN_IMPORT = new RegExp(
  escaped(encodeURIComponent(SIGNATURE.join('\0'))).replace(
    '%00',
    `${escaped(encodeURIComponent(SWITCH_PREFIX))}${ID}`,
  ),
);
const SWITCH_FILE = `\\./${escaped(SWITCH_PREFIX)}${ID}\\.(\\d+)\\.js`;
const SWITCH_URL = new RegExp(`^${DATA_URL}${WOVEN_IMPORT.source}`);
const SWITCH_MODULE = new RegExp(`^${SWITCH_FILE}$`);
const SWITCH_IMPORT = new RegExp(`import"${SWITCH_FILE}"`);

function escaped(text: string): string {
  return text.replace(/[$().|?*+^[\]{}\\]/g, '\\$&');
}

/** The first field tells the number of the others, see {@link SHAPE_PREFIX}. */
function defineSwitch(id: string, n: number, functions: number): string {
  const first = n * FUNCTIONS_PER_SWITCH;
  const count = Math.min(FUNCTIONS_PER_SWITCH, functions - first);
  const fields = [`${SHAPE_PREFIX}${count}:1`, ...(n === 0 ? [`${FIRST_ARGUMENT}:v=>v`] : [])];
  for (let index = first; index < first + count; index++) fields.push(`f${index}:void 0`);
  return `$d("${switchName(id, n)}",{${fields.join(',')}});`;
}

function register(id: string, functions: number): string {
  const file = `{contract:${CONTRACT_VERSION},file:"${id}",functions:${functions}}`;
  return `if($g[$s]===void 0)$d($s,[]);$g[$s].push(${file});void 0`;
}

/**
 * Reached through the global object: the file may have variables called `Reflect` or `Symbol`. `$d` defines a global
 * that is not enumerable, and is sound even where `Object.prototype` has been given a `writable` or a `get`. A global
 * object that takes no more properties still inherits from one that does. Compilers for old engines make variables of the
 * whole file, or of the whole program, of a block's, and may rename a function that has the same name.
 */
const GLOBALS =
  `const $g=globalThis,$m=$g.Reflect,$s=$g.Symbol.for("${WOVEN_REGISTRY}"),$d=(k,v)=>{` +
  'const o={__proto__:null,value:v,configurable:true};' +
  '$m.defineProperty($g,k,o)||$m.defineProperty($m.getPrototypeOf($g),k,o)};';
