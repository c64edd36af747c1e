import type { ProbeView, TemplateRequest, TemplateView } from '@dormouse/protocol';
import { describe, expect, test } from 'vitest';
import { openCollector } from './support/collector.ts';
import { MANIFEST_A } from './support/manifest.ts';

const LARGE: TemplateRequest = {
  description: 'Scores over a limit',
  parameters: {
    limit: { type: 'number', default: 10 },
    symbol: { type: 'text' },
    also: { type: 'expression', default: 'true' },
    line: { type: 'number', default: 13 },
  },
  request: {
    kind: 'snapshot',
    service: 'trades',
    location: { file: 'src/risk.ts', line: '@{line}' },
    condition: 'score > @{limit} && trade.symbol === @{symbol} && @{also}',
    target: { tags: { symbol: 'desk @{symbol}' } },
  },
};

async function saved(request: TemplateRequest = LARGE) {
  const { api, agent } = await openCollector();
  await agent({}, MANIFEST_A);
  const template = await api.expect<TemplateView>('PUT', '/templates/large', request);
  const place = (body: object): Promise<ProbeView> => api.expect('POST', '/templates/large/place', body);
  const refuse = (body: object) => api.fail('POST', '/templates/large/place', body);
  return { api, template, place, refuse };
}

describe('a template', () => {
  test('places probes with its values, and its defaults', async () => {
    const { template, place } = await saved();
    expect(template).toMatchObject({ name: 'large', version: 1, service: 'trades', savedBy: 'admin token' });
    expect(await place({ values: { symbol: 'ACME' } })).toMatchObject({
      location: { line: 13 },
      condition: 'score > 10 && trade.symbol === "ACME" && (true)',
      target: { tags: { symbol: 'desk ACME' } },
    });
    expect(
      await place({
        values: { symbol: '', limit: '50', line: 18, also: 'flag !== null' },
        changes: { condition: null },
      }),
    ).toMatchObject({ location: { line: 18 } });
  });

  test('takes no value for code', async () => {
    const { place, refuse } = await saved();
    const { condition } = await place({ values: { symbol: '" || score || "' } });
    expect(condition).toBe('score > 10 && trade.symbol === "\\" || score || \\"" && (true)');
    expect(await refuse({ values: { symbol: 'A', also: 'nothing.there' } })).toMatchObject({
      code: 'UNKNOWN_VARIABLE',
      path: 'condition',
    });
    const log = await saved({
      request: {
        kind: 'log',
        service: 'trades',
        location: { file: 'risk.ts', line: 13 },
        template: '@{what}: @{shown}',
      },
      parameters: { what: { type: 'text' }, shown: { type: 'expression' } },
    });
    expect((await log.place({ values: { what: '{score}', shown: 'trade.id' } })).template).toBe(
      '{{score}}: {trade.id}',
    );
  });

  test('refuses values that are missing, unknown, or of another type', async () => {
    const { refuse } = await saved();
    expect(await refuse({})).toMatchObject({ code: 'INVALID_REQUEST', path: 'values.symbol' });
    expect(await refuse({ values: { symbol: 'A', limt: 1 } })).toMatchObject({
      path: 'values.limt',
      suggestions: ['limit', 'line'],
    });
    expect(await refuse({ values: { symbol: 'A', limit: 'much' } })).toMatchObject({ path: 'values.limit' });
    expect(await refuse({ values: { symbol: 'A', line: 14 } })).toMatchObject({ code: 'NO_CODE_AT_LINE' });
  });

  test('has versions, of which none is overwritten', async () => {
    const { api, place } = await saved();
    const second = { ...LARGE, parameters: { ...LARGE.parameters!, limit: { type: 'number', default: 99 } } };
    const save = (version?: number) =>
      api.request('PUT', '/templates/large', { ...second, ...(version !== undefined && { version }) });
    expect((await save(0)).status).toBe(409);
    expect((await save(1)).body).toMatchObject({ version: 2 });
    expect((await save()).body).toMatchObject({ version: 3 });
    expect((await place({ values: { symbol: 'A' } })).condition).toContain('score > 99');
    expect((await place({ values: { symbol: 'A' }, version: 1 })).condition).toContain('score > 10');
    const { templates } = await api.get<{ templates: TemplateView[] }>('/templates');
    expect(templates.map(({ name, version }) => [name, version])).toEqual([['large', 3]]);
    expect(await api.get('/templates/large?version=1')).toMatchObject({ version: 1 });
    expect(await api.fail('GET', '/templates/large?version=9')).toMatchObject({
      code: 'NOT_FOUND',
      path: 'version',
    });
    await api.expect('DELETE', '/templates/large');
    expect(await api.fail('GET', '/templates/large')).toMatchObject({ code: 'NOT_FOUND', path: 'name' });
  });

  test('is looked at before it is saved', async () => {
    const { api } = await saved();
    const refuse = (request: TemplateRequest) => api.fail('PUT', '/templates/other', request);
    expect(await refuse({ ...LARGE, parameters: {} })).toMatchObject({ path: 'parameters.line' });
    expect(
      await refuse({ ...LARGE, parameters: { ...LARGE.parameters, more: { type: 'text' } } }),
    ).toMatchObject({ path: 'parameters.more' });
    expect(await refuse({ request: { kind: 'sometimes' } })).toMatchObject({ code: 'INVALID_REQUEST' });
    expect(await refuse({})).toMatchObject({ path: 'request' });
    expect(
      await refuse({
        ...LARGE,
        parameters: { ...LARGE.parameters, limit: { type: 'number', default: 'x' } },
      }),
    ).toMatchObject({ code: 'INVALID_REQUEST' });
  });

  test('is made of a probe', async () => {
    const { api } = await saved();
    const { id } = await api.snapshot({ condition: 'score > 3' });
    const template = await api.expect<TemplateView>('PUT', '/templates/again', { probe: id });
    expect(template.request).toMatchObject({ kind: 'snapshot', condition: 'score > 3' });
    expect(await api.expect('POST', '/templates/again/place', {})).toMatchObject({ condition: 'score > 3' });
  });
});
