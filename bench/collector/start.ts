import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { API_PREFIX } from '@dormouse/protocol';
import { ROOT } from '../../scripts/lib/paths.ts';
import { startServer, type Server } from '../../scripts/lib/processes.ts';

const ADMIN_TOKEN = 'admin-token-of-the-measurement-0123456789';
export const AGENT_TOKEN = 'agent-token-of-the-measurement-0123456789';

/** Nothing is thrown away, and nobody is told to ask less often. */
const UNLIMITED =
  '--keep-captures 1000000000 --keep-size 1000GB --requests-per-minute 1000000 --json --port 0 --log-level error'.split(
    ' ',
  );

/**
 * A collector, a process of its own, on an ephemeral port of the loopback. `DORMOUSE_PROFILE` names a folder for profiles of its
 * processor.
 * @param where `--data FOLDER`, or `--database URL`
 */
export function startCollector(where: readonly string[]): Promise<Server> {
  const profiles = process.env['DORMOUSE_PROFILE'];
  return startServer({
    args: [
      ...(profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`]),
      join(ROOT, 'packages/collector/dist/main.js'),
      ...UNLIMITED,
      ...where,
    ],
    env: { DORMOUSE_ADMIN_TOKEN: ADMIN_TOKEN, DORMOUSE_AGENT_TOKEN: AGENT_TOKEN },
  });
}

/** What an admin asks. @throws where it is refused, with the answer */
export async function ask<Answer>(
  url: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const answer = await fetch(`${url}${API_PREFIX}${path}`, {
    method,
    headers: {
      ...asAdmin,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as Answer;
}

export const asAdmin = { authorization: `Bearer ${ADMIN_TOKEN}` } as const;

/** CPU time of a process, ms; the kernel counts hundredths of a second. */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

/** Memory of a process that is resident now, and the most that ever was, MiB. */
export function memoryOf(pid: number): { readonly now: number; readonly most: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)![1]) / 1_024;
  return { now: field('VmRSS'), most: field('VmHWM') };
}

/** ms since 1970, to a fraction, the same in all processes of a machine. */
export const now = (): number => performance.timeOrigin + performance.now();

/** Of values in any order. @param share 0.5 is the median */
export function quantile(values: readonly number[], share: number): number {
  const ordered = values.toSorted((one, other) => one - other);
  return ordered[Math.min(ordered.length - 1, Math.floor(share * ordered.length))] ?? NaN;
}
