import { existsSync } from 'node:fs';
import type { ManifestFile } from '@dormouse/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOST_NODE } from '../../../../scripts/lib/paths.ts';
import { type Stage, openStage } from '../../../../scripts/lib/stage.ts';
import { mappedTokens } from './mapped-tokens.ts';
import { keepRunning, localsOf, snapshot } from './probe.ts';
import { BUN, Shop } from './shop.ts';
import { HOSTS, VARIANTS, outputDirectory } from './variants.ts';

/** The fixture is built by every bundler as the README says and in every variant, run woven and unwoven, and probed. */

const SOURCES = [
  'packages/money/index.ts',
  'src/basket.ts',
  'src/cycle-a.ts',
  'src/cycle-b.ts',
  'src/main.ts',
  'src/voucher.ts',
];

/** Tokens that must be found in the bundle, and how often: functions with two bodies have them twice. */
const TOKENS = [
  { path: 'packages/money/index.ts', line: 'const tax = amount * rate', token: 'amount', bodies: 2 },
  { path: 'packages/money/index.ts', line: 'const gross = roundCents', token: 'amount', bodies: 2 },
  { path: 'src/cycle-a.ts', line: 'const loud = text.toUpperCase()', token: 'text', bodies: 2 },
  { path: 'src/voucher.ts', line: 'const discount = await', token: 'discountOf', bodies: 1 },
  { path: 'src/basket.ts', line: 'sum += quantity * unitPrice', token: 'unitPrice', bodies: 2 },
] as const;

/** Where probes are placed: in a package that is bundled along, and in a chunk that is loaded later. */
const PLACES = [
  {
    file: 'packages/money/index.ts',
    text: 'const gross = ',
    function: 'addTax',
    locals: { amount: 2150, rate: 0.2, tax: 430 },
  },
  {
    file: 'src/voucher.ts',
    text: 'const reduced = ',
    function: 'applyVoucher',
    locals: { amount: 2580, code: 'SPRING', discount: 0.1 },
  },
] as const;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 60_000);
afterAll(() => stage.close());

describe.each(HOSTS)('%s', (host) => {
  const isInstalled = host !== 'bun' || existsSync(BUN);
  let shop: Shop;
  let said = '';
  beforeAll(async () => {
    shop = new Shop();
    if (isInstalled) said = await shop.build(host);
  }, 120_000);
  afterAll(() => shop.remove());

  it.runIf(isInstalled)('the configuration of the README weaves the program and says so', async () => {
    expect(await shop.output('dist')).toContain('HELLO! 2 LINES!');
    expect(said).toMatch(/^dormouse: wove 6 files: \d+ functions, \d+ points, .* → .*×\)$/m);
    expect(said).not.toContain('not woven');
  });

  describe.runIf(isInstalled).each(VARIANTS)('$name', (variant) => {
    const directory = outputDirectory(variant, true);

    it('the woven bundle prints what the unwoven one prints, on every Node', async () => {
      const expected = await shop.output(outputDirectory(variant, false));
      for (const node of new Set([process.execPath, HOST_NODE])) {
        expect(await shop.output(directory, node)).toBe(expected);
      }
      expect(shop.files(outputDirectory(variant, false))).not.toContain('dormouse.manifest.json');
    });

    it('one manifest names the original files, lines and variables of all chunks', () => {
      const { files } = shop.manifest(directory);
      expect(files.flatMap(({ sources }) => sources.map(({ path }) => path)).sort()).toEqual(SOURCES);
      for (const { output, id } of files) expect(shop.read(output)).toContain(`$dm_${id}`);
      const reduce = shop.lineOf('src/voucher.ts', 'const reduced');
      expect(variablesAt(files, 'src/voucher.ts', reduce)).toEqual(['amount', 'code', 'discount']);
      const gross = shop.lineOf('packages/money/index.ts', 'const gross');
      expect(variablesAt(files, 'packages/money/index.ts', gross)).toEqual(['amount', 'rate', 'tax']);
    });

    it('nothing is left to resolve at run time', () => {
      for (const name of scripts(directory)) {
        expect(shop.read(`${directory}/${name}`)).not.toMatch(
          /(?:import|require\()\s*["'](?:data:|\.\/\$dm_)/,
        );
      }
    });

    it.each(TOKENS)(
      '$token of $path is mapped to its line, column and name',
      ({ path, line, token, bodies }) => {
        const found = scripts(directory).flatMap((name) =>
          mappedTokens(shop, `${directory}/${name}`, { path, line, token, byLine: host === 'bun' }),
        );
        expect(found.length).toBeGreaterThanOrEqual(bodies);
        if (host !== 'bun') expect(new Set(found)).toEqual(new Set([token]));
      },
    );
  });

  it.runIf(isInstalled)('a probe in a minified chunk sees the original variables', async () => {
    const service = `shop-${host}`;
    await keepRunning(shop.main('dist-split-min'), shop.directory, service, stage);
    for (const { file, text, ...expected } of PLACES) {
      const line = shop.lineOf(file, text);
      const { probe, capture } = await snapshot(stage, service, { file, line });
      expect(probe.function).toBe(expected.function);
      expect(localsOf(capture)).toMatchObject(expected.locals);
      // Bun drops the plugin's map, and second bodies stand on their function's first line.
      expect(capture.stack?.[0]).toMatchObject(host === 'bun' ? { file } : { file, line });
    }
  });

  function scripts(directory: string): readonly string[] {
    return shop.files(directory).filter((name) => /\.c?js$/.test(name));
  }
});

/** The variables that a probe at a line is given. */
function variablesAt(
  files: readonly ManifestFile[],
  path: string,
  line: number,
): readonly (string | undefined)[] {
  const file = files.find(({ sources }) => sources.some((source) => source.path === path));
  const points = file?.functions.flatMap((one) => one.points) ?? [];
  return points.find((point) => point.line === line)?.locals.map((name) => file?.names[name]) ?? [];
}
