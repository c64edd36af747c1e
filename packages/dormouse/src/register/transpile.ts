import { createRequire } from 'node:module';
import { basename } from 'node:path';
import process from 'node:process';
import type ts from 'typescript';
import type { LoadedFile } from './prepare.js';

type TypeScript = typeof ts;

export interface Transpiled {
  readonly code: string;
  /** JSON text. */
  readonly map: string | undefined;
}

/**
 * Compiles a file, types unchecked, with the project's own TypeScript and its tsconfig.json.
 * @throws where the project has no TypeScript 5 or 6, or the text cannot be parsed
 */
export function transpile({ path, code, goal }: LoadedFile): Transpiled {
  const ts = findTypeScript(path);
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(code, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: {
      ...projectOptions(ts, path),
      module: goal === 'module' ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      sourceMap: true,
      inlineSourceMap: false,
      inlineSources: true,
      importHelpers: false,
      noEmit: false,
      emitDeclarationOnly: false,
    },
  });
  const [problem] = diagnostics ?? [];
  if (problem !== undefined) throw new SyntaxError(describe(ts, path, problem));
  return {
    code: outputText.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '\n'),
    map: sourceMapText && JSON.stringify({ ...JSON.parse(sourceMapText), sources: [basename(path)] }),
  };
}

function findTypeScript(path: string): TypeScript {
  const ts = loadTypeScript(path);
  if (typeof ts?.transpileModule === 'function') return ts;
  throw new Error(
    `dormouse: Node ${process.versions.node} does not run TypeScript, and ${path} sees no TypeScript 5 or 6 that could compile it. ` +
      'Use Node 22.18 or later, or install one: npm install --save-dev typescript@6',
  );
}

function loadTypeScript(path: string): TypeScript | undefined {
  try {
    return createRequire(path)('typescript') as TypeScript;
  } catch {
    return undefined;
  }
}

const optionsOf = new Map<string, ts.CompilerOptions>();

/** The options of the nearest tsconfig.json, without what is about many files or about output. */
function projectOptions(ts: TypeScript, path: string): ts.CompilerOptions {
  const config = ts.findConfigFile(path, ts.sys.fileExists);
  if (config === undefined) return {};
  let options = optionsOf.get(config);
  if (options === undefined) {
    options = readOptions(ts, config);
    optionsOf.set(config, options);
  }
  return options;
}

function readOptions(ts: TypeScript, config: string): ts.CompilerOptions {
  const host: ts.ParseConfigFileHost = {
    ...ts.sys,
    readDirectory: () => [],
    onUnRecoverableConfigFileDiagnostic: () => {},
  };
  const options = ts.getParsedCommandLineOfConfigFile(config, {}, host)?.options ?? {};
  const { moduleResolution: _, configFilePath: __, ...rest } = options;
  return rest;
}

function describe(ts: TypeScript, path: string, problem: ts.Diagnostic): string {
  const { line, character } = problem.file?.getLineAndCharacterOfPosition(problem.start ?? 0) ?? {
    line: 0,
    character: 0,
  };
  return `${path}:${line + 1}:${character + 1} ${ts.flattenDiagnosticMessageText(problem.messageText, '\n')}`;
}
