import type { AgentView, ServiceView } from '@dormouse/protocol';

import type { Client } from '../client/client.js';
import { nearest } from '../command/nearest.js';
import { killWords } from '../render/kill.js';
import { pauseWords } from '../render/pause.js';
import { count } from '../render/text.js';
import { formatDuration } from '../render/time.js';
import { bad, good, note, type Finding } from './finding.js';
import { ifAllowed } from './if-allowed.js';

const CONNECT = `Start it with
  DORMOUSE_URL=ws://… DORMOUSE_TOKEN=dmg_… node --import @dormouse/runtime/register dist/main.js
and DORMOUSE_DEBUG=1 to hear why it does not connect; "dormouse doctor --project DIR" looks at its build.`;

/** @returns the service, if processes of it have ever connected */
export function* findService(
  services: readonly ServiceView[],
  name: string,
): Generator<Finding, ServiceView | undefined> {
  const view = services.find(({ service }) => service === name);
  if (view !== undefined) return view;
  const names = services.map(({ service }) => service);
  const similar = nearest(name, names);
  const known = names.length === 0 ? 'none has connected yet' : `it knows ${names.join(', ')}`;
  yield bad(
    'service',
    'unknown-service',
    `no process of a service "${name}" has ever connected to this collector; ${known}`,
    similar.length > 0 ? `Did you mean ${similar.join(' or ')}?` : CONNECT,
  );
  return undefined;
}

/** Everything that concerns all probes of a service. @returns its connected processes */
export async function* examineService(
  client: Client,
  view: ServiceView,
  now: number,
): AsyncGenerator<Finding, readonly AgentView[]> {
  const { service, agents, killed } = view;
  const connected = agents.filter((agent) => agent.connected);
  yield connection(view, connected, now);
  yield* builds(view, connected);
  if (killed !== undefined) yield switchedOff(service, killWords(killed, now), service);
  for (const agent of connected) yield* standing(agent, killed !== undefined, now);
  yield* denied(client, service);
  return connected;
}

function connection({ service, agents }: ServiceView, connected: readonly AgentView[], now: number): Finding {
  if (connected.length > 0)
    return good('processes', `${count(connected.length, 'process', 'processes')} of ${service} connected`);
  const last = Math.max(...agents.map(({ lastSeen }) => lastSeen));
  const seen = agents.length === 0 ? '' : `; the last was heard of ${formatDuration(now - last)} ago`;
  return bad('processes', 'no-process', `no process of ${service} is connected${seen}`, CONNECT);
}

function* builds({ builds: known }: ServiceView, connected: readonly AgentView[]): Generator<Finding> {
  const ids = new Set(known.map(({ buildId }) => buildId));
  const without = connected.filter(({ buildId }) => buildId === undefined);
  const unknown = connected.filter(({ buildId }) => buildId !== undefined && !ids.has(buildId));
  if (without.length > 0)
    yield bad(
      'build',
      'no-manifest',
      `${named(without)} found no manifest, so it is not known where probes can stand`,
      'Weave the build, deploy dormouse.manifest.json with it, and name it in DORMOUSE_MANIFEST if it is not around the main script.',
    );
  if (unknown.length > 0)
    yield bad(
      'build',
      'manifest-missing',
      `the manifest of ${named(unknown)} has not arrived here`,
      'It is sent as the process connects; DORMOUSE_DEBUG=1 in the process says what keeps it.',
    );
  const running = known.filter(({ buildId }) => connected.some((agent) => agent.buildId === buildId));
  for (const { buildId, files, points, skipped } of running) {
    const leftOut = skipped === 0 ? '' : `; ${count(skipped, 'file')} left unwoven`;
    yield good(
      'build',
      `${buildId.slice(0, 12)}: ${count(points, 'point')} in ${count(files, 'file')}${leftOut}`,
    );
  }
}

const switchedOff = (who: string, words: string, service: string): Finding =>
  bad('policy', 'switched-off', `probes of ${who} are ${words}`, `dormouse kill ${service} --off`);

/** What one process says of itself; what it shares with its service was told already. */
function* standing(
  { instance, service, policy, pause, killed }: AgentView,
  isServiceKilled: boolean,
  now: number,
): Generator<Finding> {
  if (killed !== undefined && !isServiceKilled) {
    const words = killWords(killed, now);
    yield killed.by === 'process'
      ? bad(
          'policy',
          'switched-off',
          `in ${instance} probes are ${words}`,
          'Call killSwitch(false) in the program.',
        )
      : bad(
          'policy',
          'switched-off',
          `in ${instance} probes are ${words}`,
          `dormouse kill ${service} --instance ${instance} --off`,
        );
  }
  if (policy?.problem !== undefined)
    yield bad(
      'policy',
      'policy-refused',
      `${instance} cannot put its policy in force: ${policy.problem}`,
      'Until it can, nothing is probed there: change the policy with "dormouse policy".',
    );
  else if (policy !== undefined && policy.revision !== policy.wanted)
    yield note(
      'policy',
      'policy-behind',
      `${instance} has revision ${policy.revision} of its policy, not ${policy.wanted} yet`,
      'It has it as soon as it answers; probes wait for it.',
    );
  if (pause !== undefined)
    yield bad(
      'policy',
      'paused',
      `${instance}: ${pauseWords(pause)}`,
      'It goes on by itself. Ask for less (a condition, --rate), or raise DORMOUSE_MAX_CPU or DORMOUSE_MAX_DELAY.',
    );
}

async function* denied(client: Client, service: string): AsyncGenerator<Finding> {
  const policies = (await ifAllowed(client.policies())) ?? [];
  const entries = policies
    .filter((policy) => policy.instance === undefined && (policy.service ?? service) === service)
    .flatMap(({ deny }) => deny);
  if (entries.length > 0)
    yield note(
      'policy',
      'deny-list',
      `may not be probed: ${entries.join(', ')}`,
      'dormouse policy shows all of it.',
    );
}

function named(agents: readonly AgentView[]): string {
  const [first, ...others] = agents.map(({ instance }) => instance);
  return others.length === 0
    ? `${first}`
    : `${first} and ${count(others.length, 'other process', 'other processes')}`;
}
