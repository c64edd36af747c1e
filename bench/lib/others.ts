import { existsSync, mkdirSync, readFileSync, copyFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInstrumenter } from 'istanbul-lib-instrument';
import ts from 'typescript';
import { ROOT } from '../../scripts/lib/paths.ts';
import { read } from '../../scripts/lib/run.ts';
import type { Treatment } from './programs.ts';

/** What else exists, and what its code needs at run time: the text of a module that is imported first. */
export interface Other extends Treatment {
  readonly preamble: string;
}

/** Counters of statements, branches and functions, as test coverage has them. */
const istanbul: Other = {
  name: 'istanbul',
  version: '6.0.3',
  preamble: '',
  make(_folder, files) {
    for (const file of files) {
      const code = readFileSync(file, 'utf8');
      const instrumenter = createInstrumenter({ esModules: isModule(code), compact: false });
      writeFileSync(file, instrumenter.instrumentSync(code, file));
    }
  },
};

/** The obvious weaver: a test of a byte before every statement. */
const flags: Other = {
  name: 'flags',
  version: '1',
  preamble: 'globalThis.$flags=new Uint8Array(1e6);globalThis.$hit=()=>{};',
  make(_folder, files) {
    let next = 0;
    for (const file of files) {
      const code = readFileSync(file, 'utf8');
      const insertions = statementStarts(code);
      const pieces: string[] = [];
      let from = 0;
      for (const at of insertions) {
        pieces.push(code.slice(from, at), `if($flags[${next}])$hit(${next});`);
        from = at;
        next++;
      }
      writeFileSync(file, pieces.join('') + code.slice(from));
    }
  },
};

/** The transform of Datadog's build plugin for live debugging, called as Vite would, without its browser SDK. */
const datadog: Other = {
  name: 'datadog',
  version: '3.3.0',
  preamble: 'globalThis.$dd_probes=()=>{};',
  make(_folder, files) {
    const transform = datadogTransform();
    for (const file of files) {
      const code = readFileSync(file, 'utf8');
      writeFileSync(file, transform.call({}, code, file)?.code ?? code);
    }
  },
};

export const OTHERS: readonly Other[] = [istanbul, flags, datadog];

type Transform = (this: object, code: string, file: string) => { readonly code: string } | undefined;

interface VitePlugin {
  readonly name: string;
  readonly transform?: { readonly handler: Transform };
}

function datadogTransform(): Transform {
  const { datadogVitePlugin } = createRequire(join(installWeavers(), 'x.js'))('@datadog/vite-plugin') as {
    datadogVitePlugin(options: object): VitePlugin[];
  };
  const plugins = datadogVitePlugin({
    logLevel: 'none',
    liveDebugger: { enable: true, include: [/./], exclude: [] },
  });
  const handler = plugins.find(({ name }) => name === 'datadog-live-debugger-plugin')?.transform?.handler;
  if (handler === undefined) throw new Error('This version of @datadog/vite-plugin has no live debugger.');
  return handler;
}

function installWeavers(): string {
  const folder = join(ROOT, '.cache/bench/weavers');
  if (!existsSync(join(folder, 'node_modules/@datadog/vite-plugin'))) {
    mkdirSync(folder, { recursive: true });
    copyFileSync(join(ROOT, 'bench/weavers/package.json'), join(folder, 'package.json'));
    read('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
  }
  return folder;
}

function isModule(code: string): boolean {
  return parse(code).statements.some(
    (statement) =>
      ts.isImportDeclaration(statement) ||
      ts.isExportDeclaration(statement) ||
      ts.isExportAssignment(statement) ||
      (ts.canHaveModifiers(statement) &&
        ts.getModifiers(statement)?.[0]?.kind === ts.SyntaxKind.ExportKeyword),
  );
}

function parse(code: string): ts.SourceFile {
  return ts.createSourceFile('x.js', code, ts.ScriptTarget.Latest, /* setParentNodes: */ false);
}

/** Ascending offsets of the statements in lists, but for declarations and directives. */
function statementStarts(code: string): number[] {
  const file = parse(code);
  const starts: number[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isBlock(node) || ts.isSourceFile(node) || ts.isCaseOrDefaultClause(node)) {
      for (const statement of node.statements) {
        if (runs(statement)) starts.push(statement.getStart(file));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return starts.sort((a, b) => a - b);
}

function runs(statement: ts.Statement): boolean {
  const isDirective = ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression);
  const isDeclared =
    ts.isFunctionDeclaration(statement) ||
    ts.isImportDeclaration(statement) ||
    ts.isExportDeclaration(statement);
  return !isDirective && !isDeclared;
}
