import {
  CONTRACT_VERSION,
  lineTextHash,
  MANIFEST_VERSION,
  type Manifest,
  type ManifestFunction,
  type ManifestPoint,
} from '@dormouse/protocol';

/** A point as a test writes it. */
export interface PointSpec {
  readonly line: number;
  readonly column?: number;
  readonly endLine?: number;
  /** Of its line. */
  readonly text?: string;
  readonly locals?: readonly string[];
  readonly outers?: readonly string[];
  readonly self?: boolean;
}

export interface FunctionSpec {
  readonly name: string;
  readonly line: number;
  readonly endLine: number;
  readonly points: readonly PointSpec[];
}

export interface FileSpec {
  readonly path: string;
  readonly hash?: string;
  readonly output?: string;
  readonly functions: readonly FunctionSpec[];
  /** Variables that comments mark. */
  readonly secrets?: readonly string[];
}

/** A manifest as the weaver would write it. */
export function makeManifest(
  buildId: string,
  files: readonly FileSpec[],
  extra: Partial<Manifest> = {},
): Manifest {
  return {
    manifest: MANIFEST_VERSION,
    contract: CONTRACT_VERSION,
    weaver: 'test',
    buildId,
    files: files.map((file, index) => {
      const names: string[] = [];
      const indexOf = (name: string): number => {
        if (!names.includes(name)) names.push(name);
        return names.indexOf(name);
      };
      const functions = file.functions.map((fn, order): ManifestFunction => ({
        index: order,
        name: fn.name,
        kind: 'function',
        form: 'twin',
        async: false,
        generator: false,
        exits: 'all',
        source: 0,
        line: fn.line,
        column: 1,
        endLine: fn.endLine,
        parameters: [],
        points: fn.points.map((point, position): ManifestPoint => ({
          index: position,
          line: point.line,
          column: point.column ?? 3,
          endLine: point.endLine ?? point.line,
          ...(point.text !== undefined && { text: lineTextHash(point.text) }),
          locals: (point.locals ?? []).map(indexOf),
          ...(point.outers !== undefined && { outers: point.outers.map(indexOf) }),
          self: point.self ?? false,
        })),
      }));
      return {
        id: `${index}`.padStart(12, '0'),
        output: file.output ?? file.path.replace(/^src/, 'dist').replace(/\.ts$/, '.js'),
        sources: [{ path: file.path, hash: file.hash ?? `hash of ${file.path}` }],
        ...(file.secrets !== undefined && { secrets: file.secrets.map(indexOf) }),
        names,
        functions,
      };
    }),
    skipped: [],
    ...extra,
  };
}

/** The example most tests use: `assess` in `src/risk.ts` and `price` in `src/price.ts`. */
export const RISK: FileSpec = {
  path: 'src/risk.ts',
  functions: [
    {
      name: 'assess',
      line: 10,
      endLine: 20,
      points: [
        { line: 11, locals: ['trade', 'limits'] },
        { line: 13, endLine: 16, locals: ['trade', 'limits', 'score'], outers: ['config'], self: true },
        { line: 18, column: 3, locals: ['trade', 'score'] },
        { line: 18, column: 20, locals: ['trade', 'score', 'flag'] },
      ],
    },
  ],
};

export const PRICE: FileSpec = {
  path: 'src/price.ts',
  secrets: ['margin'],
  functions: [{ name: 'price', line: 1, endLine: 5, points: [{ line: 2, locals: ['cart', 'password'] }] }],
};

export const BUILD_A = 'a'.repeat(24);
export const BUILD_B = 'b'.repeat(24);

export const MANIFEST_A = makeManifest(BUILD_A, [RISK, PRICE]);
