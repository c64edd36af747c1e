import type { CaptureView, ProbeRequest, ProbeView } from '@dormouse/protocol';
import { until } from '../lib/api.ts';
import type { Stage } from '../lib/stage.ts';
import type { Narrator } from './narrator.ts';

export interface Investigation {
  readonly stage: Stage;
  readonly say: Narrator;
}

/** The longest that anything is waited for, ms. */
const PATIENCE_MS = 60_000;

/** Places a probe, waits for so many captures of it and removes it. */
export function ask(
  context: Investigation,
  request: ProbeRequest,
  count: number,
): Promise<readonly CaptureView[]> {
  return askTogether(context, [request], `${count} captures`, async ([probe]) => {
    const found = await context.stage.api.captures({ probe: probe!.id });
    return found.length >= count ? found : undefined;
  });
}

/** Places probes, waits for what they find together and removes them. */
export async function askTogether<T>(
  { stage: { api }, say }: Investigation,
  requests: readonly ProbeRequest[],
  what: string,
  find: (probes: readonly ProbeView[]) => Promise<T | undefined>,
): Promise<T> {
  for (const request of requests) say.command(commandFor(request));
  const probes = await Promise.all(requests.map((request) => api.createProbe(request)));
  const found = await until(what, () => find(probes), PATIENCE_MS);
  for (const { id } of probes) await api.removeProbe(id);
  return found;
}

/** The same request as a person would type it. */
function commandFor({
  kind,
  service,
  location: { file, line, function: name },
  condition,
  watches = [],
  template,
  attributes = {},
  limits,
}: ProbeRequest): string {
  return [
    `dormouse ${kind} ${file.replace(/^.*\//, '')}:${line ?? name}`,
    ...(template === undefined ? [] : [quote(template)]),
    `--service ${service}`,
    ...(condition === undefined ? [] : [`--if ${quote(condition)}`]),
    ...watches.map((watch) => `--watch ${quote(watch)}`),
    ...Object.entries(attributes).map(([key, value]) => `--set ${quote(`${key}=${value}`)}`),
    ...(limits?.hits === undefined ? [] : [`--hits ${limits.hits}`]),
  ].join(' ');
}

const quote = (argument: string): string => (argument.includes("'") ? `"${argument}"` : `'${argument}'`);
