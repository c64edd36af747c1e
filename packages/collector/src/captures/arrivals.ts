import { compileRedaction } from '@dormouse/expression/redaction';
import type { AgentIdentity, RedactionRules } from '@dormouse/protocol';
import type { BuildIndex } from '../builds/build-index.js';
import type { Builds } from '../builds/builds.js';
import type { Policies } from '../policy/policies.js';
import { accepting } from './accept.js';
import { Hiding } from './hide.js';

type Accept = ReturnType<typeof accepting>;

/** How the captures of each process are checked, and what is hidden in them: by its policy, and by the marks in its build. */
export class Arrivals {
  readonly #builds: Builds;
  readonly #policies: Policies;
  /** By build; rules that nobody has any more are forgotten with all that was made for them. */
  readonly #ready = new WeakMap<RedactionRules, Map<string | undefined, Accept>>();

  constructor(builds: Builds, policies: Policies) {
    this.#builds = builds;
    this.#policies = policies;
  }

  async acceptFrom(agent: AgentIdentity): Promise<Accept> {
    const { redaction } = this.#policies.for(agent);
    const ofRules = this.#ready.get(redaction) ?? new Map<string | undefined, Accept>();
    this.#ready.set(redaction, ofRules);
    const known = ofRules.get(agent.buildId);
    if (known !== undefined) return known;
    const build = agent.buildId === undefined ? undefined : await this.#builds.load(agent.buildId);
    const accept = accepting(new Hiding(compileRedaction(redaction, build && markedIn(build))));
    // A manifest may still be on its way.
    if (build !== undefined || agent.buildId === undefined) ofRules.set(agent.buildId, accept);
    return accept;
  }
}

/** Names that `@secret` comments mark in a build, as its processes hide them. */
const markedIn = ({ manifest }: BuildIndex): string[] =>
  manifest.files.flatMap(({ names, secretProperties = [] }) =>
    secretProperties.map((name) => names[name] ?? ''),
  );
