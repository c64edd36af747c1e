import type { ProfileView } from '@dormouse/protocol';
import { Api } from '../api/api.js';
import { explain, Refusal } from '../api/refusal.js';
import { signOut } from '../api/sign-in.js';
import { route } from './route.svelte.js';

/** The environment that was chosen last in this browser. */
const ENVIRONMENT = 'dormouse.environment';

/** Why the collector sent somebody back to sign in: `/?trouble=…`. */
const TROUBLES: Readonly<Record<string, string>> = {
  link: 'The link has been used, or is too old. Ask for another one.',
  provider: 'The provider did not confirm who you are. Try again.',
  stranger: 'The provider knows you, but nobody here has given you access. Ask an admin.',
};

/** Who is signed in, in this browser. */
class Session {
  /** `unknown` until the collector has said. */
  state: 'unknown' | 'out' | 'in' = $state('unknown');
  who: ProfileView | undefined = $state.raw();
  /** `organisation/project/environment`: the one that the address names. */
  environment: string | undefined = $state();
  api: Api = $state.raw(this.#newApi());
  /** Why one has to sign in, or cannot. */
  notice: string | undefined = $state(TROUBLES[new URLSearchParams(location.search).get('trouble') ?? '']);

  /** Asks who is signed in. */
  async begin(): Promise<void> {
    try {
      this.who = await this.api.profile();
      route.settle(usualOf(this.who));
      this.enter(route.place.environment);
      this.state = 'in';
      this.notice = undefined;
    } catch (error) {
      this.state = 'out';
      if (!(error instanceof Refusal && error.code === 'UNAUTHENTICATED')) this.notice = explain(error);
    }
  }

  async end(): Promise<void> {
    try {
      const continueAt = await signOut();
      this.state = 'out';
      if (continueAt !== undefined) location.assign(continueAt);
    } catch (error) {
      this.notice = `You are still signed in. ${explain(error)}`;
      this.state = 'out';
    }
  }

  /** Works in an environment from now on. */
  enter(environment: string | undefined): void {
    if (environment === this.environment) return;
    this.environment = environment;
    this.api = this.#newApi();
    if (environment !== undefined && this.who?.environments.includes(environment))
      localStorage.setItem(ENVIRONMENT, environment);
  }

  /** Goes to an environment that may have come into being a moment ago. */
  choose(environment: string): void {
    this.enter(environment);
    localStorage.setItem(ENVIRONMENT, environment);
    route.go({ environment });
  }

  #newApi(): Api {
    return new Api(this.environment, () => {
      if (this.state === 'in') this.notice = 'Your session has ended.';
      this.state = 'out';
    });
  }
}

/** Where one was last, or the only environment that one sees. */
function usualOf({ environments }: ProfileView): string | undefined {
  const last = localStorage.getItem(ENVIRONMENT);
  return (
    environments.find((each) => each === last) ?? (environments.length === 1 ? environments[0] : undefined)
  );
}

export const session: Session = new Session();
