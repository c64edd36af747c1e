import { describe, expect, test } from 'vitest';
import { readCommandLine } from '../../src/command-line.ts';
import { signalsOfEnvironment } from '../../src/out/otlp/environment.ts';
import { Targets } from '../../src/out/targets.ts';
import { StartError } from '../../src/start-error.ts';

const URL = 'http://receiver:4318';

describe('the standard variables', () => {
  test.each([
    [{}, undefined],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'a=b' }, undefined],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: URL }, ['logs', 'traces', 'metrics']],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: URL, OTEL_METRICS_EXPORTER: 'none' }, ['logs', 'traces']],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: URL }, ['traces']],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: URL, OTEL_SDK_DISABLED: 'TRUE' }, undefined],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, undefined],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: URL, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_SDK_DISABLED: 'true' },
      undefined,
    ],
  ])('%j ask for %j', (environment, signals) => {
    expect(signalsOfEnvironment(environment as Record<string, string>)).toEqual(signals);
    expect(readCommandLine([], environment as Record<string, string>).options.otlpSignals).toEqual(signals);
  });

  test('a protocol that is not spoken is refused at the start', () => {
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: URL, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' };
    expect(() => signalsOfEnvironment(environment)).toThrow(StartError);
    const logs = { ...environment, OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/protobuf' };
    expect(() =>
      signalsOfEnvironment({ ...logs, OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' }),
    ).not.toThrow();
  });
});

test('sums that are not made are refused at the start', () => {
  const preference = 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE';
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: URL, [preference]: 'Cumulative' };
  expect(() => signalsOfEnvironment(environment)).toThrow(StartError);
  expect(signalsOfEnvironment({ ...environment, [preference]: 'lowmemory' })).toHaveLength(3);
  expect(signalsOfEnvironment({ ...environment, OTEL_METRICS_EXPORTER: 'none' })).toEqual(['logs', 'traces']);
});

describe('where may be sent', () => {
  const allowed = (address: string, ...networks: string[]): boolean => new Targets(networks).allows(address);

  test.each([
    '0.0.0.0',
    '10.255.0.1',
    '100.100.100.200',
    '127.8.8.8',
    '169.254.169.254',
    '172.31.0.1',
    '192.168.1.1',
    '198.19.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    'fd00:ec2::254',
    'fe80::1',
    'ff02::1',
  ])('not to %s', (address) => {
    expect(allowed(address)).toBe(false);
  });

  test.each(['1.1.1.1', '100.128.0.1', '172.32.0.1', '192.169.0.1', '2606:4700::1111', '2a00:1450::1'])(
    'to %s',
    (address) => {
      expect(allowed(address)).toBe(true);
    },
  );

  test('to networks that are named, and to no others', () => {
    expect(allowed('10.1.2.3', '10.1.0.0/16', 'fd00::/8')).toBe(true);
    expect(allowed('10.2.2.3', '10.1.0.0/16')).toBe(false);
    expect(allowed('fd12::1', '10.1.0.0/16', 'fd00::/8')).toBe(true);
    expect(allowed('127.0.0.1', '127.0.0.1')).toBe(true);
    expect(allowed('127.0.0.2', '127.0.0.1')).toBe(false);
  });

  test.each(['localhost', '10.0.0.0/33', '10.0.0.0/x', '10.0.0.0/', '10.0.0.0/8/8', '', '10.0.0/8'])(
    '%j is no network',
    (network) => {
      expect(() => new Targets([network])).toThrow(StartError);
    },
  );

  test('--send-to names several', () => {
    expect(readCommandLine(['--send-to', '10.0.0.0/8, ::1'], {}).options.sendTo).toEqual([
      '10.0.0.0/8',
      '::1',
    ]);
    expect(readCommandLine([], { DORMOUSE_SEND_TO: '127.0.0.1' }).options.sendTo).toEqual(['127.0.0.1']);
  });
});
