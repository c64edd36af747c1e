import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CaptureView, GroupView, ProbeView } from '@dormouse/protocol';
import { describe, expect, test } from 'vitest';
import { DEFAULT_ENVIRONMENT } from '../src/storage/contract/directory/places.ts';
import { openStorages } from '../src/storage/open.ts';
import { openCollector, storageOf } from './support/collector.ts';
import { EventStream } from './support/event-stream.ts';
import { MANIFEST_A } from './support/manifest.ts';
import { until } from './support/until.ts';

async function session(expiresInMs?: number) {
  const collector = await openCollector();
  const { api, agent } = collector;
  const process = await agent({}, MANIFEST_A);
  const group = await api.expect<GroupView>('POST', '/groups', {
    name: 'incident 4711',
    ...(expiresInMs !== undefined && { expiresInMs }),
  });
  return { collector, api, process, group, view: (): Promise<GroupView> => api.get(`/groups/${group.id}`) };
}

/** As a collector leaves it that is killed before it has come to the probes. */
async function endedInStorage(data: string, id: string): Promise<void> {
  const storages = await openStorages(await storageOf(data));
  const { groups } = storages.environment(DEFAULT_ENVIRONMENT);
  await groups.save({ ...(await groups.find(id))!, endedAt: Date.now() });
  await storages.close();
}

describe('a group', () => {
  test('begins empty, has the probes that are placed in it, and ends with them', async () => {
    const { api, process, group, view } = await session();
    expect(group).toMatchObject({ name: 'incident 4711', state: 'active', probes: [], active: 0, hits: 0 });
    expect(group.expiresAt - group.createdAt).toBe(3_600_000);

    const first = await api.snapshot({ group: group.id });
    const second = await api.snapshot({ group: group.id, limits: { expiresInMs: 60_000 } });
    const third = await api.snapshot({ group: group.id, limits: { expiresInMs: 86_400_000 } });
    const other = await api.snapshot();
    expect(first).toMatchObject({ group: group.id, expiresAt: group.expiresAt });
    expect(second.expiresAt).toBe(second.createdAt + 60_000);
    expect(third.expiresAt).toBe(group.expiresAt);
    await until('it is told', () => process.told.length === 4);
    await process.deliver([process.capture(first.id), process.capture(second.id)]);
    expect(await view()).toMatchObject({ probes: [third.id, second.id, first.id], active: 3, hits: 2 });

    const ended = await api.expect<GroupView>('DELETE', `/groups/${group.id}`);
    expect(ended).toMatchObject({ state: 'ended', endCause: 'removed', active: 0, hits: 2 });
    expect(await api.get<ProbeView>(`/probes/${first.id}`)).toMatchObject({ endCause: 'removed' });
    await until('only the other stays', () => process.told.join() === other.id);
    expect(await api.expect('DELETE', `/groups/${group.id}`)).toEqual(ended);
  });

  test('is listed while it is active, however many have ended since', async () => {
    const { api, group } = await session();
    for (const name of ['one', 'two']) {
      const { id } = await api.expect<GroupView>('POST', '/groups', { name });
      await api.expect('DELETE', `/groups/${id}`);
    }
    const list = async (query: string): Promise<string[]> => {
      const { groups } = await api.get<{ groups: GroupView[] }>(`/groups?${query}`);
      return groups.map(({ name }) => name);
    };
    expect(await list('state=active&limit=1')).toEqual([group.name]);
    expect((await list('state=ended')).toSorted()).toEqual(['one', 'two']);
    expect(await list('limit=1')).toHaveLength(1);
  });

  test('takes probes in, and gives all of them another life', async () => {
    const { api, process, group } = await session(60_000);
    const { id } = await api.snapshot();
    await api.expect('POST', `/groups/${group.id}/probes`, { probes: [id] });
    expect(await api.get(`/probes/${id}`)).toMatchObject({ group: group.id, expiresAt: group.expiresAt });
    const extended = await api.expect<GroupView>('POST', `/groups/${group.id}/extend`, {
      expiresInMs: 7_200_000,
    });
    expect(extended.expiresAt).toBeGreaterThan(group.expiresAt + 7_000_000);
    expect((await api.get<ProbeView>(`/probes/${id}`)).expiresAt).toBe(extended.expiresAt);
    await until('the process is told', () => (process.wanted[0]?.limits.expiresInMs ?? 0) > 7_000_000);

    expect(await api.fail('POST', `/probes/${id}/extend`, { expiresInMs: 7_300_000 })).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      path: 'expiresInMs',
    });
    await api.expect('POST', `/probes/${id}/extend`, { expiresInMs: 1_000_000 });
  });

  test('expires with its probes', async () => {
    const { api, process, group: former, view } = await session();
    const { id } = await api.snapshot({ group: former.id });
    const group = await api.expect<GroupView>('POST', `/groups/${former.id}/extend`, { expiresInMs: 150 });
    await until('it is over', async () => (await view()).state === 'ended');
    await until('its probe is over', async () => (await view()).active === 0);
    expect(await view()).toMatchObject({ endCause: 'expired', endedAt: group.expiresAt });
    expect(await api.get(`/probes/${id}`)).toMatchObject({ endCause: 'expired' });
    await until('the process is told', () => process.told.length === 0);
    expect(await api.refuse({ group: group.id })).toMatchObject({ code: 'ENDED', path: 'group' });
    expect(await api.fail('POST', `/groups/${group.id}/extend`, { expiresInMs: 1 })).toMatchObject({
      code: 'ENDED',
    });
  });

  test('that was ended takes its probes along, also where its collector was killed meanwhile', async () => {
    const data = mkdtempSync(join(tmpdir(), 'dormouse-groups-'));
    try {
      const first = await openCollector({ data });
      await first.agent({}, MANIFEST_A);
      const group = await first.api.expect<GroupView>('POST', '/groups', { name: 'incident' });
      const { id } = await first.api.snapshot({ group: group.id });
      await first.close();
      await endedInStorage(data, group.id);

      const second = await openCollector({ data });
      expect(await second.api.get(`/probes/${id}`)).toMatchObject({ state: 'ended', endCause: 'removed' });
      await second.close();
    } finally {
      rmSync(data, { recursive: true });
    }
  });

  test('tells its evidence from that of others', async () => {
    const { collector, api, process, group } = await session();
    const { id } = await api.snapshot({ group: group.id });
    const other = await api.snapshot();
    await until('it is told', () => process.told.length === 2);
    const stream = await EventStream.open(collector, `group=${group.id}`);
    const [mine, others] = [process.capture(id), process.capture(other.id)];
    await process.deliver([others, mine]);
    await until('it is streamed', () => stream.ids.includes(mine.id));
    expect(stream.ids).not.toContain(others.id);
    stream.close();
    const { captures } = await api.get<{ captures: CaptureView[] }>(`/captures?group=${group.id}`);
    expect(captures.map((capture) => capture.id)).toEqual([mine.id]);
    const { probes } = await api.get<{ probes: ProbeView[] }>(`/probes?group=${group.id}`);
    expect(probes.map((probe) => probe.id)).toEqual([id]);
  });

  test('is listed, and known to be none', async () => {
    const { api, group } = await session();
    await api.expect('POST', '/groups', { name: 'other', owner: 'ann' });
    await api.expect('DELETE', `/groups/${group.id}`);
    const names = async (query: string): Promise<string[]> =>
      (await api.get<{ groups: GroupView[] }>(`/groups?${query}`)).groups.map(({ name }) => name);
    expect(await names('')).toHaveLength(2);
    expect(await names('state=active')).toEqual(['other']);
    expect(await names('state=ended')).toEqual(['incident 4711']);
    for (const path of ['/groups/g_none', '/probes?group=g_none', '/captures?group=g_none'])
      expect(await api.fail('GET', path)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await api.refuse({ group: 'g_none' })).toMatchObject({ code: 'NOT_FOUND', path: 'group' });
    expect(await api.fail('POST', '/groups', { name: 'long', expiresInMs: 8 * 86_400_000 })).toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
  });
});
