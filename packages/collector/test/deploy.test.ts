import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { DCLinter } from 'dclint';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { HELP, readCommandLine } from '../src/command-line.ts';
import { renderTemplate } from './support/chart.ts';
import { unknownFields, validate } from './support/kubernetes.ts';

/**
 * What `deploy` says must be true of the collector as it is: flags, variables, paths, and what belongs together. The rendered chart
 * is held to the schemas of the Kubernetes API, and the compose file to that of the Compose Specification.
 */

const DEPLOY = join(import.meta.dirname, '../../../deploy');
const CHART = join(DEPLOY, 'helm/dormouse');

const text = (...path: string[]): string => readFileSync(join(...path), 'utf8');

/** Every variable that the collector is given is one that its help tells of. */
function expectKnown(variables: readonly string[]): void {
  for (const name of variables) expect(HELP).toContain(name);
}

/** In an image that starts it. */
const accepted = (args: readonly string[]): object => readCommandLine(args, {}).options;

/** What is read of what dclint says; its types are not found by today's resolution. */
interface LintResult {
  readonly messages: readonly { readonly line: number; readonly message: string }[];
}

interface Compose {
  readonly services: Record<
    string,
    {
      readonly image?: string;
      readonly command?: string[];
      readonly environment?: Record<string, string>;
      readonly depends_on?: Record<string, unknown> | string[];
      readonly volumes?: string[];
    }
  >;
  readonly volumes: Record<string, unknown>;
}

describe('compose', () => {
  const { services, volumes } = parse(text(DEPLOY, 'compose.yaml')) as Compose;

  test('starts the collector with flags and variables that it knows', () => {
    const { command = [], environment = {} } = services['collector']!;
    expect(accepted(command)).toMatchObject({ drainMs: 5_000 });
    expectKnown(Object.keys(environment));
    const url = environment['DORMOUSE_DATABASE']!.replace(/\$\{.*?\}/, 'password');
    expect(accepted(['--database', url])).toMatchObject({ database: url });
  });

  test('is what the Compose Specification has', () => {
    // What these would have otherwise is meant: a name for the image that is built, a door to the network, parts in the order of reading.
    const rules = Object.fromEntries(
      [
        'no-build-and-image',
        'no-unbound-port-interfaces',
        'service-keys-order',
        'services-alphabetical-order',
      ].map((rule) => [rule, 0]),
    );
    const lint = (folder: string) =>
      new DCLinter({ rules, quiet: false, debug: false, exclude: [] })
        .lintFiles([join(folder, 'compose.yaml')], false)
        .flatMap(({ messages }: LintResult) => messages.map(({ line, message }) => `${line}: ${message}`));
    expect(lint(DEPLOY)).toEqual([]);
    const folder = mkdtempSync(join(tmpdir(), 'dormouse-compose-'));
    writeFileSync(
      join(folder, 'compose.yaml'),
      text(DEPLOY, 'compose.yaml').replace('replicas: 2', 'replica: 2'),
    );
    expect(lint(folder)).toEqual([expect.stringContaining('/services/collector/deploy')]);
    rmSync(folder, { recursive: true });
  });

  test('has no secret in it, no floating image, and nothing that is not there', () => {
    for (const [name, { image, environment = {}, depends_on = [], volumes: mounted = [] }] of Object.entries(
      services,
    )) {
      for (const [variable, value] of Object.entries(environment))
        if (/PASSWORD|TOKEN/.test(variable)) expect(value, name).toMatch(/^\$\{\w+:\?/);
      if (image !== undefined) expect(image, name).toMatch(/:\d/);
      const needed = Array.isArray(depends_on) ? depends_on : Object.keys(depends_on);
      expect(Object.keys(services)).toEqual(expect.arrayContaining(needed));
      for (const source of mounted.map((mount) => mount.split(':')[0]!)) {
        if (source === './haproxy.cfg') expect(readdirSync(DEPLOY)).toContain('haproxy.cfg');
        else if (!source.startsWith('.')) expect(Object.keys(volumes)).toContain(source);
      }
    }
  });
});

test.skipIf(spawnSync('haproxy', ['-v']).status !== 0)('HAProxy takes its configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dormouse-haproxy-'));
  const file = join(folder, 'haproxy.cfg');
  // Without the certificate, which is not there.
  writeFileSync(file, text(DEPLOY, 'haproxy.cfg').replace(/ ssl crt \S+ alpn \S+/, ''));
  const { status, stderr } = spawnSync('haproxy', ['-c', '-f', file], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect(stderr).not.toMatch(/\[(ALERT|WARNING)\]/);
  expect(status).toBe(0);
});

test('HAProxy and the image ask where the collector answers', () => {
  expect(text(DEPLOY, 'haproxy.cfg')).toContain('httpchk GET /readyz');
  expect(text(DEPLOY, 'Dockerfile')).toContain(':7447/healthz');
});

describe('the chart', () => {
  const chart = parse(text(CHART, 'Chart.yaml')) as { appVersion: string; version: string };
  const values = parse(text(CHART, 'values.yaml')) as Record<string, unknown>;
  const isValid = new Ajv({ strict: true }).compile(JSON.parse(text(CHART, 'values.schema.json')) as object);

  const templates = readdirSync(join(CHART, 'templates'));
  const rendered = (changes: object): Resource[] =>
    templates
      .map((name) =>
        renderTemplate(text(CHART, 'templates', name), {
          Values: { ...values, ...changes },
          Release: { Name: 'staging' },
          Chart: { AppVersion: chart.appVersion },
        }),
      )
      .filter((manifest) => manifest.trim() !== '')
      .map((manifest) => parse(manifest, { strict: true }) as Resource);

  const EVERYTHING = {
    tlsSecretName: 'tls',
    auditKeySecretName: 'audit',
    publicUrl: 'https://dormouse.example.com',
    ingress: { ...(values['ingress'] as object), enabled: true, className: 'nginx' },
  };

  test('has values that fit their schema, which knows no others', () => {
    expect(isValid(values), JSON.stringify(isValid.errors)).toBe(true);
    expect(isValid({ ...values, ...EVERYTHING })).toBe(true);
    expect(isValid({ ...values, replica: 3 })).toBe(false);
    expect(isValid({ ...values, drain: 'long' })).toBe(false);
  });

  test('is of the version of the collector', () => {
    const { version } = JSON.parse(text(import.meta.dirname, '../package.json')) as { version: string };
    expect([chart.appVersion, (values['image'] as { tag: string }).tag]).toEqual([version, version]);
  });

  test.each([
    ['as it comes', {}, ['Deployment', 'PodDisruptionBudget', 'Service']],
    ['with everything', EVERYTHING, ['Deployment', 'Ingress', 'PodDisruptionBudget', 'Service']],
  ])('renders %s, and all of it finds each other', (_how, changes, kinds) => {
    const resources = rendered(changes);
    expect(resources.map(({ kind }) => kind).toSorted()).toEqual(kinds);
    for (const resource of resources) expect(() => validate(resource)).not.toThrow();
    expect(unknownFields(resources)).toEqual([]);
    const deployment = resources.find(({ kind }) => kind === 'Deployment')!;
    const { labels } = deployment.spec.template!.metadata;
    for (const { kind, metadata, spec } of resources) {
      expect(metadata, kind).toMatchObject({ name: 'staging', labels });
      if (kind === 'Service') expect(spec.selector).toEqual(labels);
      if (kind !== 'Service' && kind !== 'Ingress') expect(spec.selector).toEqual({ matchLabels: labels });
    }
    const { containers, volumes } = deployment.spec.template!.spec;
    const [collector] = containers;
    expect(collector!.volumeMounts.map(({ name }) => name)).toEqual(volumes.map(({ name }) => name));
    expectKnown(collector!.env.map(({ name }) => name));
    for (const probe of [collector!.startupProbe, collector!.readinessProbe])
      expect(probe.httpGet).toMatchObject({ path: '/readyz', port: 'collector' });
    expect(collector!.livenessProbe.httpGet.path).toBe('/healthz');
    expect(accepted(collector!.args)).toMatchObject({ drainMs: 10_000 });
    expect(deployment.spec.template!.spec.terminationGracePeriodSeconds).toBeGreaterThan(20);
  });
});

test('a chart with a wrong value, or a field that Kubernetes does not have, would be found', () => {
  const budget = (spec: object) => ({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: {},
    spec,
  });
  expect(() => validate(budget({ maxUnavailable: true }))).toThrow('maxUnavailable');
  expect(unknownFields([budget({ maxUnavailible: 1 })])).toEqual([expect.stringContaining('maxUnavailible')]);
});

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface Named {
  readonly name: string;
}

/** The parts of a manifest that are read here. */
interface Resource {
  readonly kind: string;
  readonly metadata: object;
  readonly spec: {
    readonly selector?: object;
    readonly template?: {
      readonly metadata: { readonly labels: object };
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly volumes: readonly Named[];
        readonly containers: readonly {
          readonly args: readonly string[];
          readonly env: readonly Named[];
          readonly volumeMounts: readonly Named[];
          readonly startupProbe: Probe;
          readonly readinessProbe: Probe;
          readonly livenessProbe: Probe;
        }[];
      };
    };
  };
}
