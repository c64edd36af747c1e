import {
  CONTRACT_VERSION,
  DEFAULT_REDACTION_RULES,
  MANIFEST_VERSION,
  type Manifest,
} from '@dormouse/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { killSwitch, start, stop, type StartOptions } from '../src/index.ts';
import { readDenyList } from '../src/policy/deny-list.ts';
import { startCollector, TOKEN, type TestCollector } from './support/collector.ts';
import { commandAt, type CommandOptions } from './support/commands.ts';
import { runWoven, weaveSource, type WovenScript } from './support/woven.ts';

const manifestOf = (...files: Manifest['files']): Manifest => ({
  manifest: MANIFEST_VERSION,
  contract: CONTRACT_VERSION,
  weaver: 'test',
  buildId: 'b',
  files,
  skipped: [],
});

describe('a deny list', () => {
  const { file } = weaveSource(
    'function charge() {\n  return 1;\n}\nclass Vault {\n  open() {\n    return 2;\n  }\n}',
    'src/pay/card.js',
  ).points;
  const denied = (...entries: string[]): string[] => {
    const denies = readDenyList(entries, manifestOf(file));
    return file.functions
      .filter(({ index }) => denies({ file: file.id, functionIndex: index }))
      .map(({ name }) => name);
  };

  it.each([
    ['src/pay/card.js', ['<module>', 'charge', 'Vault.open']],
    ['/src/pay/', ['<module>', 'charge', 'Vault.open']],
    ['card.js', ['<module>', 'charge', 'Vault.open']],
    ['src/**#ch*', ['charge']],
    ['#Vault.*', ['Vault.open']],
    ['#open', []],
    ['pay/card.js', []],
    ['ard.js', []],
  ])('with %s denies %j', (entry, names) => {
    expect(denied(entry).toSorted()).toEqual(names.toSorted());
  });

  it('denies what any of its entries denies, and nothing without entries', () => {
    expect(denied('#charge', '#Vault.open')).toEqual(expect.arrayContaining(['charge', 'Vault.open']));
    expect(denied()).toEqual([]);
  });

  it('denies everything where no manifest tells what is what', () => {
    const at = { file: file.id, functionIndex: 0 };
    expect(readDenyList(['#charge'], undefined)(at)).toBe(true);
    expect(readDenyList([], undefined)(at)).toBe(false);
  });
});

describe('the process', () => {
  const collectors: TestCollector[] = [];
  afterEach(async () => {
    killSwitch(false);
    stop();
    for (const collector of collectors.splice(0)) await collector.kill();
  });

  interface Armed {
    readonly collector: TestCollector;
    readonly woven: WovenScript;
    readonly probe: string;
    /** Waits until the probe is so. */
    until(state: string): Promise<void>;
  }

  async function arm(options: StartOptions = {}, probe: CommandOptions = {}): Promise<Armed> {
    const collector = await startCollector();
    collectors.push(collector);
    const woven = runWoven('(function secret(a) {\n  return a;\n})');
    const live = {
      root: '/app',
      read: () => manifestOf(woven.file),
      sourceMap: () => undefined,
      onChange: () => {},
    };
    start({ url: collector.url, token: TOKEN, manifest: live, ...options });
    await collector.until(() => collector.hello() !== undefined);
    const command = commandAt(woven, 2, probe);
    collector.want(command);
    await collector.until(() => collector.reports.has(command.id));
    const stateOf = (): string | undefined => {
      const report = collector.reports.get(command.id);
      return report?.cause ?? report?.state;
    };
    return {
      collector,
      woven,
      probe: command.id,
      until: (state) => collector.until(() => stateOf() === state),
    };
  }

  it('does not let be probed what its deny list denies, and says so', async () => {
    const { collector, probe, until } = await arm({ deny: ['#secret'] });
    await until('denied');
    expect(collector.reports.get(probe)?.message).toContain('deny list');
  });

  it('takes the deny list of the collector for armed probes at once, and cannot be talked out of its own', async () => {
    const { collector, until } = await arm();
    await until('armed');
    collector.send({ type: 'policy', revision: 1, killed: false, deny: ['#sec*'] });
    await until('denied');
    collector.send({ type: 'policy', revision: 1, killed: false, deny: [] });
    await until('armed');
    stop();

    const stubborn = await arm({ deny: ['#secret'] });
    stubborn.collector.send({ type: 'policy', revision: 1, killed: false, deny: [] });
    await stubborn.until('denied');
  });

  it('takes redaction rules for armed probes at once; those that read what is secret now are disarmed', async () => {
    const { collector, woven, until } = await arm({}, { watches: ['a.plan'], limits: { hits: 1_000 } });
    await until('armed');
    const call = woven.value as (a: object) => object;
    call({ plan: 'gold', tier: 1 });
    await collector.until(() => collector.captures.length === 1);
    expect(JSON.stringify(collector.captures[0])).toContain('gold');

    const rules = { ...DEFAULT_REDACTION_RULES, names: ['tier'] };
    collector.send({ type: 'policy', revision: 1, killed: false, deny: [], redaction: rules });
    await collector.until(() => {
      call({ plan: 'gold', tier: 'first' });
      return JSON.stringify(collector.captures.at(-1)).includes('redacted');
    });
    expect(JSON.stringify(collector.captures.at(-1))).not.toContain('first');

    collector.send({
      type: 'policy',
      revision: 1,
      killed: false,
      deny: [],
      redaction: { ...rules, names: ['plan'] },
    });
    await until('denied');
    collector.send({
      type: 'policy',
      revision: 1,
      killed: false,
      deny: [],
      redaction: DEFAULT_REDACTION_RULES,
    });
    await until('armed');
    collector.send({ type: 'policy', revision: 1, killed: false, deny: [], redaction: 'all' as never });
    await until('denied');
  });

  it('has a kill switch for the program: it disarms at once, and what is still wanted is armed again', async () => {
    const { collector, woven, until } = await arm();
    await until('armed');
    killSwitch(true);
    (woven.value as (a: number) => number)(1);
    await until('killSwitch');
    killSwitch(false);
    await until('armed');
    (woven.value as (a: number) => number)(2);
    await collector.until(() => collector.captures.length === 1);
    expect(collector.captures[0]?.locals).toMatchObject([{ value: { value: 2 } }]);
  });

  it('has a kill switch for the collector, which does not undo the one of the program', async () => {
    killSwitch(true);
    const { collector, until } = await arm();
    await until('killSwitch');
    collector.send({ type: 'policy', revision: 1, killed: true, deny: [] });
    collector.send({ type: 'policy', revision: 1, killed: false, deny: [] });
    await until('killSwitch');
    killSwitch(false);
    await until('armed');
    collector.send({ type: 'policy', revision: 1, killed: true, deny: [] });
    await until('killSwitch');
  });
});
