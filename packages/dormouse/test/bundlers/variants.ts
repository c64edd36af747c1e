import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const HOSTS = ['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild', 'bun'] as const;
export type Host = (typeof HOSTS)[number];

/** One way of building the fixture. */
export interface Variant {
  readonly name: string;
  readonly minified: boolean;
  readonly split: boolean;
}

export const VARIANTS: readonly Variant[] = [
  { name: 'single', minified: false, split: false },
  { name: 'split', minified: false, split: true },
  { name: 'single-min', minified: true, split: false },
  { name: 'split-min', minified: true, split: true },
];

/** The copy-paste configuration of a host, as the package's README has it. */
export function readmeConfig(host: Host): string {
  const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
  const config = new RegExp(`<!-- config: ${host} -->\\n\`\`\`js\\n([^]*?)\`\`\``).exec(readme)?.[1];
  if (config === undefined) throw new Error(`The README has no configuration for ${host}.`);
  return config;
}

type Change = (variant: Variant) => readonly (readonly [from: string, to: string])[];

const terserOrNot: Change = ({ minified, split }) => [
  ['plugins: [', `optimization: { minimize: ${minified} },\n  plugins: [`],
  ...(split
    ? []
    : [['module: {', `module: { parser: { javascript: { dynamicImportMode: 'eager' } },`] as const]),
];

const SWC = "'swc-loader', options: { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }";

/** What a variant changes in the README's text. */
const CHANGES: Readonly<Record<Host, Change>> = {
  vite: ({ minified, split }) => [
    [
      'sourcemap: true',
      `sourcemap: true, minify: ${minified}, outDir: 'dist', rollupOptions: { output: { codeSplitting: ${split} } }`,
    ],
  ],
  rollup: ({ minified, split }) => [
    ['sourcemap: true', `sourcemap: true, inlineDynamicImports: ${!split}`],
    ...(minified
      ? [
          ['import dormouse', "import terser from '../plugin-terser.mjs';\nimport dormouse"] as const,
          ['typescript(),', 'typescript(), terser(),'] as const,
        ]
      : []),
  ],
  rolldown: ({ minified, split }) => [
    ['sourcemap: true', `sourcemap: true, minify: ${minified}, codeSplitting: ${split}`],
  ],
  // Type-checking once, in the README's own build, is enough.
  webpack: (variant) => [
    ...terserOrNot(variant),
    ["'ts-loader'", variant.split ? SWC : "'ts-loader', options: { transpileOnly: true }"],
  ],
  rspack: terserOrNot,
  esbuild: ({ minified, split }) => [
    ['sourcemap: true', `sourcemap: true, minify: ${minified}, splitting: ${split}`],
  ],
  bun: ({ minified, split }) => [
    ["sourcemap: 'linked'", `sourcemap: 'linked', minify: ${minified}, splitting: ${split}`],
  ],
};

/** The README's configuration, changed for a variant and building into `dist-<name>`. */
export function variantConfig(host: Host, variant: Variant, woven: boolean): string {
  const out = outputDirectory(variant, woven);
  let text = readmeConfig(host);
  const changes = [
    ...CHANGES[host](variant),
    ...(host === 'vite' ? [] : ([[/dist(?=['`])/, out]] as const)),
    ...(woven ? [] : ([['dormouse()', 'dormouse({ enabled: false })']] as const)),
  ];
  for (const [from, to] of changes) {
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`${host}: the README's configuration has no ${from}.`);
    text = changed;
  }
  return host === 'vite' ? text.replace("outDir: 'dist'", `outDir: '${out}'`) : text;
}

export function outputDirectory({ name }: Variant, woven: boolean): string {
  return `dist-${name}${woven ? '' : '-unwoven'}`;
}
