import type { CaptureView, SearchScope } from '@dormouse/protocol';
import type { Api, CaptureQuery } from '../../../api/api.js';
import { explain, Refusal } from '../../../api/refusal.js';

/** One search through captures, newest first, page by page. */
export class Search {
  readonly query: CaptureQuery;
  captures: readonly CaptureView[] = $state.raw([]);
  isBusy: boolean = $state(false);
  /** Of all pages together; nothing until the first is there. */
  scope: SearchScope | undefined = $state.raw();
  trouble: string | undefined = $state();
  /** Where in the condition the trouble is: it, and a caret below. */
  excerpt: string | undefined = $state();
  readonly #api: Api;
  #after: string | undefined;

  constructor(api: Api, query: CaptureQuery) {
    this.#api = api;
    this.query = query;
  }

  /** Looks at the next page, or the first. */
  async goOn(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    this.trouble = this.excerpt = undefined;
    try {
      const { captures, next, scope } = await this.#api.captures({
        ...this.query,
        order: 'newest',
        ...(this.#after !== undefined && { after: this.#after }),
      });
      this.captures = [...this.captures, ...captures];
      this.scope = {
        ...scope,
        examined: scope.examined + (this.scope?.examined ?? 0),
        undecided: scope.undecided + (this.scope?.undecided ?? 0),
      };
      this.#after = next;
    } catch (error) {
      this.trouble = explain(error);
      this.excerpt = error instanceof Refusal ? error.excerpt : undefined;
    } finally {
      this.isBusy = false;
    }
  }
}
