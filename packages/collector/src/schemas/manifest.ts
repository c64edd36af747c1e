import { z } from 'zod';
import {
  MANIFEST_VERSION,
  type Manifest,
  type ManifestFile,
  type ManifestFunction,
  type SkippedFile,
} from '@dormouse/protocol';
import { count, longName, name, position } from './text.js';

/** Counts beyond any real build: a bundle of TypeScript's compiler has some 20,000 functions and 150,000 points. */
const MAX_FILES = 100_000;
const MAX_FUNCTIONS = 500_000;
const MAX_NAMES = 500_000;

/** Shared with the views of points. */
export const exits = z.enum(['all', 'ends', 'returns', 'none']);
export const functionKind = z.enum([
  'function',
  'arrow',
  'method',
  'getter',
  'setter',
  'constructor',
  'field',
  'static-block',
  'module',
]);
export const wovenForm = z.enum(['twin', 'inline']);
/** Shared with paths. */
export const branchArm = z.enum(['then', 'else', 'body', 'case', 'default', 'catch', 'finally']);

const indices = z.array(count).max(10_000);

const point = z.object({
  index: count,
  line: position,
  column: position,
  endLine: position,
  text: count.exactOptional(),
  locals: indices,
  outers: indices.exactOptional(),
  self: z.boolean(),
  branch: z.tuple([count, branchArm]).exactOptional(),
});

const manifestFunction: z.ZodType<ManifestFunction> = z.object({
  index: count,
  name: z.string().max(4_096),
  kind: functionKind,
  form: wovenForm,
  async: z.boolean(),
  generator: z.boolean(),
  exits,
  source: count,
  line: position,
  column: position,
  endLine: position,
  parameters: indices,
  points: z.array(point).max(MAX_FUNCTIONS),
});

const manifestFile: z.ZodType<ManifestFile> = z
  .object({
    id: name,
    output: longName,
    sources: z.array(z.object({ path: longName, hash: z.string().max(256) })).max(MAX_FILES),
    names: z.array(z.string().max(4_096)).max(MAX_NAMES),
    secrets: indices.exactOptional(),
    secretProperties: indices.exactOptional(),
    functions: z.array(manifestFunction).max(MAX_FUNCTIONS),
  })
  .check((context) => {
    const problem = inconsistency(context.value);
    if (problem !== undefined) {
      context.issues.push({ code: 'custom', message: problem, input: context.value.output });
    }
  });

/** Left files, as the weaver explains them. */
export const skippedFile: z.ZodType<SkippedFile> = z.object({
  path: longName,
  code: z.enum([
    'already-woven',
    'declaration-file',
    'empty',
    'ignored',
    'no-source-map',
    'parse-error',
    'reparse-failed',
    'shadowed-global',
    'weaver-error',
  ]),
  reason: longName,
});

/** What the weaver knows about a build, see `manifest.ts` of the protocol. */
export const manifest: z.ZodType<Manifest> = z
  .object({
    manifest: z.literal(MANIFEST_VERSION, { error: otherVersion }),
    contract: count,
    weaver: name,
    buildId: name,
    commit: name.exactOptional(),
    files: z.array(manifestFile).max(MAX_FILES),
    skipped: z.array(skippedFile).max(MAX_FILES),
  })
  .meta({ id: 'Manifest', description: 'A build as the weaver wrote it to `dormouse.manifest.json`.' });

function otherVersion({ input }: { readonly input?: unknown }): string {
  return (
    `This is manifest version ${input}; the collector knows ${MANIFEST_VERSION}. ` +
    'Install the same version of Dormouse for builds, services and collector, and build again.'
  );
}

/** The rule of the format that a file breaks, if any: everything that refers by index must find what it means. */
function inconsistency(file: ManifestFile): string | undefined {
  const named = (index: number): boolean => index < file.names.length;
  const { secrets = [], secretProperties = [] } = file;
  if (![...secrets, ...secretProperties].every(named)) return 'a secret has no name';
  for (const [position, fn] of file.functions.entries()) {
    if (fn.index !== position) return `function ${position} says that its index is ${fn.index}`;
    if (fn.source >= file.sources.length) return `function ${position} refers to source ${fn.source}`;
    if (!fn.parameters.every(named)) return `a parameter of function ${position} has no name`;
    for (const [order, { index, locals, outers = [], branch }] of fn.points.entries()) {
      if (index !== order) return `point ${order} of function ${position} says that its index is ${index}`;
      if (!locals.every(named) || !outers.every(named)) {
        return `a variable of point ${order} of function ${position} has no name`;
      }
      if (branch !== undefined && branch[0] >= fn.points.length) {
        return `point ${order} of function ${position} stands in a branch of a point that is not there`;
      }
    }
  }
  return undefined;
}
