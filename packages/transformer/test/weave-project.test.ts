import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest } from '@dormouse/protocol';
import { TraceMap, originalPositionFor } from '@jridgewell/trace-mapping';
import { Project } from 'ts-morph';
import { afterAll, describe, expect, it } from 'vitest';
import { weaveProject } from '../src/index.ts';

const MAIN = `import { price } from './price';

console.log(price(2, 21));
`;
const PRICE = `/** Euro. */
export function price(quantity: number, unit: number): number {
  const total = quantity * unit;
  return total;
}
`;

/** Libraries take most of the time. */
const LIGHT = { lib: ['lib.es2022.d.ts'], types: [], skipLibCheck: true };

const directories: string[] = [];
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true });
});

function write(options: object): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'dormouse-project-')));
  directories.push(directory);
  mkdirSync(join(directory, 'src'));
  writeFileSync(
    join(directory, 'src/main.ts'),
    `declare const console: { log(value: unknown): void };\n${MAIN}`,
  );
  writeFileSync(join(directory, 'src/price.ts'), PRICE);
  const compilerOptions = {
    ...LIGHT,
    lib: ['es2022'],
    outDir: 'dist',
    rootDir: 'src',
    module: 'commonjs',
    target: 'es2022',
    ...options,
  };
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  return directory;
}

describe('weaveProject', () => {
  it('writes a woven build with manifest, maps and declarations', () => {
    const directory = write({ declaration: true });
    const { files, diagnostics, report } = weaveProject(join(directory, 'tsconfig.json'));
    expect(diagnostics).toEqual([]);
    expect(files.map(({ path }) => path.slice(directory.length + 1)).sort()).toEqual([
      'dist/main.d.ts',
      'dist/main.js',
      'dist/main.js.map',
      'dist/price.d.ts',
      'dist/price.js',
      'dist/price.js.map',
    ]);
    expect(execFileSync(process.execPath, [join(directory, 'dist/main.js')], { encoding: 'utf8' })).toBe(
      '42\n',
    );
    const manifest = JSON.parse(
      readFileSync(join(directory, 'dist/dormouse.manifest.json'), 'utf8'),
    ) as Manifest;
    expect(manifest).toEqual(report.manifest);
    expect(
      manifest.files.map(({ output, sources: [source] }) => [output, source!.path, source!.hash.length]),
    ).toEqual([
      ['dist/main.js', 'src/main.ts', 64],
      ['dist/price.js', 'src/price.ts', 64],
    ]);
    expect(report).toMatchObject({ woven: 2, skipped: [] });
    expect(report.size.after).toBeGreaterThan(report.size.before);
  });

  it('returns what it would write, for a project in memory, with exact maps', () => {
    const project = new Project({
      useInMemoryFileSystem: true,
      compilerOptions: { ...LIGHT, outDir: '/dist', target: 9 },
    });
    project.createSourceFile('/src/price.ts', PRICE);
    const options = project.compilerOptions.get();
    const { files, report } = weaveProject(project, { root: '/', write: false });
    expect(project.compilerOptions.get()).toEqual(options);
    expect(project.getFileSystem().fileExistsSync('/dist/price.js')).toBe(false);
    expect(report.manifest.files[0]).toMatchObject({
      output: 'dist/price.js',
      sources: [{ path: 'src/price.ts', hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string }],
    });
    const script = files.find(({ path }) => path.endsWith('price.js'))!.text.split('\n');
    const map = new TraceMap(files.find(({ path }) => path.endsWith('price.js.map'))!.text);
    const line = script.findIndex((text) => text.includes('const total'));
    const column = script[line]!.indexOf('total');
    expect(originalPositionFor(map, { line: line + 1, column })).toMatchObject({ line: 3, column: 8 });
  });

  it('keeps maps inside where they are, and tells type errors of the original', () => {
    const directory = write({ inlineSourceMap: true });
    const source = join(directory, 'src/price.ts');
    writeFileSync(source, PRICE.replace('return total', 'return String(total)'));
    const { files, diagnostics } = weaveProject(join(directory, 'tsconfig.json'));
    expect(diagnostics.map((diagnostic) => [diagnostic.getLineNumber(), diagnostic.getCode()])).toEqual([
      [4, 2322],
    ]);
    const script = files.find(({ path }) => path.endsWith('price.js'))!.text;
    expect(script).toContain('$dm_');
    expect(script.match(/sourceMappingURL=data:/g)).toHaveLength(1);
    expect(files.map(({ path }) => path.slice(-7))).toEqual(['rice.js', 'main.js']);
  });
});
