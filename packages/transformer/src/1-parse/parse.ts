import { loadTypeScript, ts } from './typescript.js';

/** What the text runs as. `script` includes CommonJS. */
export type Goal = 'module' | 'script';

export interface Parsed {
  readonly code: string;
  readonly file: ts.SourceFile;
  readonly goal: Goal;
  /** The first syntax error, as a sentence. */
  readonly error?: string;
}

const LANGUAGES: Readonly<Record<string, keyof typeof ts.ScriptKind>> = {
  '.ts': 'TS',
  '.mts': 'TS',
  '.cts': 'TS',
  '.tsx': 'TSX',
  '.js': 'JS',
  '.mjs': 'JS',
  '.cjs': 'JS',
  '.jsx': 'JSX',
};

const GOALS: Readonly<Record<string, Goal>> = {
  '.mjs': 'module',
  '.mts': 'module',
  '.cjs': 'script',
  '.cts': 'script',
};

export function extensionOf(filename: string): string {
  return /\.[^./\\]+$/.exec(filename)?.[0].toLowerCase() ?? '';
}

export function isWeavable(filename: string): boolean {
  return extensionOf(filename) in LANGUAGES;
}

export function isTypeScript(filename: string): boolean {
  return /\.[mc]?tsx?$/i.test(filename);
}

/**
 * Parses `code`. Without a goal the extension decides, then the presence of module syntax, then
 * whether the text only parses as a module (top-level await).
 */
export function parse(code: string, filename: string, goal = GOALS[extensionOf(filename)]): Parsed {
  if (goal !== undefined) return parseAs(code, filename, goal);
  const detected = parseAs(code, filename, undefined);
  if (detected.error === undefined || detected.goal === 'module') return detected;
  const asModule = parseAs(code, filename, 'module');
  return asModule.error === undefined ? asModule : detected;
}

/** Parses again what was woven, in the goal and language of the original. The nodes do not know their parents. */
export function parseLike(original: Parsed, code: string): Parsed {
  return parseAs(code, original.file.fileName, original.goal, /* setParentNodes: */ false);
}

/**
 * Complaints of a parser that has understood the text all the same: old forms, which engines accept in
 * sloppy code and refuse by themselves elsewhere, and a new one, `a?.#b`.
 */
const UNDERSTOOD = new Set([
  1121, // Octal literals are not allowed.
  1487, // Octal escape sequences are not allowed.
  1488, // Escape sequence '\8' is not allowed.
  1489, // Decimals with leading zeros are not allowed.
  18030, // An optional chain cannot contain private identifiers.
]);

interface Internals {
  externalModuleIndicator?: unknown;
  readonly parseDiagnostics: readonly ts.Diagnostic[];
}

function parseAs(code: string, filename: string, goal: Goal | undefined, setParentNodes = true): Parsed {
  loadTypeScript();
  const options: ts.CreateSourceFileOptions = {
    languageVersion: ts.ScriptTarget.Latest,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  };
  if (goal !== undefined) {
    options.setExternalModuleIndicator = (file) => {
      (file as Internals & ts.SourceFile).externalModuleIndicator = goal === 'module' ? true : undefined;
    };
  }
  const language = LANGUAGES[extensionOf(filename)] ?? 'Unknown';
  const file = ts.createSourceFile(filename, code, options, setParentNodes, ts.ScriptKind[language]);
  dropRepeated(file);
  const isModule = goal === 'module' || ts.isExternalModule(file);
  if (setParentNodes && isModule && code.includes('await')) setParents(file);
  const problem = (file as unknown as Internals).parseDiagnostics.find(({ code }) => !UNDERSTOOD.has(code));
  return {
    code,
    file,
    goal: isModule ? 'module' : 'script',
    ...(problem && { error: describe(file, problem) }),
  };
}

/**
 * The parser reads statements again when it finds `await` at the top level, and may then list the last ones twice
 * (reparseTopLevelAwait, as of TypeScript 6.0.3).
 */
function dropRepeated(file: ts.SourceFile): void {
  const { statements } = file;
  let listed = 0;
  const once = statements.filter(({ pos, end }) => {
    const isNew = pos >= listed;
    if (isNew) listed = end;
    return isNew;
  });
  if (once.length === statements.length) return;
  (file as { statements: ts.NodeArray<ts.Statement> }).statements = ts.factory.createNodeArray(once);
}

/** What the parser read again, it may have left to the nodes of the first time as their children. */
function setParents(node: ts.Node): void {
  ts.forEachChild(node, (child) => {
    (child as { parent: ts.Node }).parent = node;
    setParents(child);
  });
}

function describe(file: ts.SourceFile, problem: ts.Diagnostic): string {
  const { line, character } = file.getLineAndCharacterOfPosition(problem.start ?? 0);
  return `${line + 1}:${character + 1} ${ts.flattenDiagnosticMessageText(problem.messageText, ' ')}`;
}
