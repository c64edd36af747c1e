import type { CaptureView } from '@dormouse/protocol';
import type { Resource } from '@opentelemetry/resources';
import type { AgentStore } from '../../storage/contract/agents.js';
import { resourceOf, resourceOfUnknown } from './resource.js';

/** Processes that are remembered; with more, all are looked up anew. */
const KEPT = 20_000;

/** The resource of each process: always the same object, because exporters group by it. */
export class Resources {
  readonly #agents: AgentStore;
  readonly #known = new Map<string, Resource>();

  constructor(agents: AgentStore) {
    this.#agents = agents;
  }

  /** By the instance of the process. */
  async of(captures: readonly CaptureView[]): Promise<(capture: CaptureView) => Resource> {
    if (this.#known.size > KEPT) this.#known.clear();
    const unknown = captures.filter((capture) => !this.#known.has(keyOf(capture)));
    if (unknown.length > 0) await this.#learn(unknown);
    const resources = new Map(captures.map((one) => [keyOf(one), this.#known.get(keyOf(one))!]));
    return (capture) => resources.get(keyOf(capture))!;
  }

  async #learn(captures: readonly CaptureView[]): Promise<void> {
    const identities = await this.#agents.find([...new Set(captures.map(({ instance }) => instance))]);
    const byInstance = new Map(identities.map((identity) => [identity.instance, identity]));
    for (const capture of captures) {
      const { service, instance, buildId } = capture;
      const identity = byInstance.get(instance);
      const resource =
        identity === undefined
          ? resourceOfUnknown(service, instance)
          : resourceOf(buildId === undefined ? identity : { ...identity, buildId });
      this.#known.set(keyOf(capture), resource);
    }
  }
}

/** A process that weaves what it loads runs one build after the other. */
const keyOf = ({ instance, buildId = '' }: CaptureView): string => `${instance} ${buildId}`;
