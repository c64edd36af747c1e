import { spawn } from 'node:child_process';
import type { CaptureView, ProbeView } from '@dormouse/protocol';
import { onTestFinished } from 'vitest';
import { until } from '../../../../scripts/lib/api.ts';
import { HOST_NODE } from '../../../../scripts/lib/paths.ts';
import type { Stage } from '../../../../scripts/lib/stage.ts';

/** Runs a built program with the runtime, over and over, until the test is over. */
export async function keepRunning(main: string, cwd: string, service: string, stage: Stage): Promise<void> {
  const program = spawn(HOST_NODE, ['--import', '@dormouse/runtime/register', main], {
    cwd,
    env: {
      ...process.env,
      DORMOUSE_URL: stage.collector.url,
      DORMOUSE_TOKEN: stage.agentToken,
      DORMOUSE_SERVICE: service,
      SHOP_STAYS_OPEN: '1',
    },
    stdio: 'ignore',
  });
  onTestFinished(() => void program.kill('SIGKILL'));
  await until('the program connects', async () =>
    (await stage.api.services()).find((one) => one.service === service && one.builds.length > 0),
  );
}

/** Asks for one snapshot and waits for it. */
export async function snapshot(
  stage: Stage,
  service: string,
  location: { readonly file: string; readonly line: number },
): Promise<{ readonly probe: ProbeView; readonly capture: CaptureView }> {
  const probe = await stage.api.createProbe({ kind: 'snapshot', service, location, limits: { hits: 1 } });
  const capture = await until(
    `${location.file}:${location.line} is hit`,
    async () => (await stage.api.captures({ probe: probe.id }))[0],
    20_000,
  );
  return { probe, capture };
}

/** The plain values of a capture's local variables. */
export function localsOf({ locals = [] }: CaptureView): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    locals.map(({ key, value }) => [
      key,
      value.type === 'number' ? Number(value.value) : 'value' in value ? value.value : value.type,
    ]),
  );
}
