import { Api } from '../api/api.js';

/** Of this tab only: gone when it is closed. */
const KEY = 'dormouse.token';

/** Who is signed in. */
class Session {
  api: Api | undefined = $state.raw();
  /** Why one has to sign in again. */
  notice: string | undefined = $state();

  constructor() {
    const token = sessionStorage.getItem(KEY);
    if (token !== null) this.#enter(token);
  }

  /** @throws {Refusal} when the collector does not know the token */
  async signIn(token: string): Promise<void> {
    await new Api(token).services();
    sessionStorage.setItem(KEY, token);
    this.notice = undefined;
    this.#enter(token);
  }

  signOut(notice?: string): void {
    sessionStorage.removeItem(KEY);
    this.notice = notice;
    this.api = undefined;
  }

  #enter(token: string): void {
    this.api = new Api(token, () =>
      this.signOut('The collector no longer knows your token. It may have been rotated.'),
    );
  }
}

export const session: Session = new Session();
