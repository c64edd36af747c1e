import { readFileSync } from 'node:fs';
import { LIMITS, type ProbeRequest } from '@dormouse/protocol';
import type { Stage } from '../../scripts/lib/stage.ts';
import { type Place, type Extremes, manifestOf } from './weaving.ts';

/** A state of a woven program: how its child process is started and what it is told. */
export interface State {
  readonly name: string;
  /** The word by which `children/*.mjs` know it. */
  readonly word: 'plain' | 'connected' | 'armed' | 'disarmed';
  readonly imports: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export const NO_RUNTIME: State = { name: 'no runtime', word: 'plain', imports: [], env: {} };

/** The four states of the woven program in `folder`, which has these functions. */
export function states(
  folder: string,
  program: string,
  { hottest, coldest }: Extremes,
  stage: Stage,
): readonly State[] {
  const withAgent = (name: string, word: State['word'], probes: readonly Place[]): State => {
    // Each is a service of its own, so that none is sent another's probes.
    const service = `${program}-${word}`;
    const requests = probes.map((location): ProbeRequest => ({
      kind: 'snapshot',
      service,
      location,
      condition: '1 === 2',
      limits: { hits: 1_000_000, hitsPerSecond: 10 },
    }));
    return {
      name,
      word,
      imports: ['--import', import.meta.resolve('@dormouse/runtime/register')],
      env: {
        DORMOUSE_URL: stage.collector.url,
        DORMOUSE_TOKEN: stage.agentToken,
        DORMOUSE_MANIFEST: manifestOf(folder),
        DORMOUSE_SERVICE: service,
        COLLECTOR_URL: stage.collector.url,
        ADMIN_TOKEN: stage.adminToken,
        PROBES: JSON.stringify(requests),
      },
    };
  };
  return [
    NO_RUNTIME,
    withAgent('connected, no probe', 'connected', []),
    withAgent('armed elsewhere in the file', 'armed', [coldest]),
    withAgent('armed and disarmed', 'disarmed', [hottest]),
  ];
}

/** Uploads the manifest of the woven program in `folder` where it is too large for its processes to send it. */
export async function uploadLargeManifest(
  folder: string,
  all: readonly State[],
  stage: Stage,
): Promise<void> {
  const body = readFileSync(manifestOf(folder));
  if (body.byteLength <= LIMITS.messageBytes) return;
  const headers = { authorization: `Bearer ${stage.adminToken}`, 'content-type': 'application/json' };
  for (const service of all.flatMap(({ env }) => env['DORMOUSE_SERVICE'] ?? [])) {
    const response = await fetch(`${stage.collector.url}/api/v1/manifests?service=${service}`, {
      method: 'PUT',
      headers,
      body,
    });
    if (!response.ok) throw new Error(`PUT /manifests: ${await response.text()}`);
  }
}
