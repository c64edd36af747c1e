import type { ProfileView } from '@dormouse/protocol';
import { Api } from '../api/api.js';
import { explain, Refusal } from '../api/refusal.js';
import { signOut } from '../api/sign-in.js';

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
  api: Api = $state.raw(this.#newApi());
  /** Why one has to sign in, or cannot. */
  notice: string | undefined = $state(TROUBLES[new URLSearchParams(location.search).get('trouble') ?? '']);
  environment: string | undefined = $state(localStorage.getItem(ENVIRONMENT) ?? undefined);

  /** Asks who is signed in. */
  async begin(): Promise<void> {
    try {
      this.who = await this.api.profile();
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

  choose(environment: string): void {
    localStorage.setItem(ENVIRONMENT, environment);
    this.environment = environment;
    this.api = this.#newApi();
  }

  #newApi(): Api {
    return new Api(localStorage.getItem(ENVIRONMENT) ?? undefined, () => {
      if (this.state === 'in') this.notice = 'Your session has ended.';
      this.state = 'out';
    });
  }
}

export const session: Session = new Session();
