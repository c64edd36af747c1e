import type { DryRunRequest, ProbeView } from '@dormouse/protocol';
import type { Api } from '../../../api/api.js';
import { explain, Refusal } from '../../../api/refusal.js';
import { askOf, EMPTY, requestOf, type Draft, type DraftPlace } from './draft.js';
import { previewsOf, type Previews } from './preview.js';

/** Fields of a request that stand in the form with every kind. */
const ALWAYS: readonly string[] = ['limits', 'hitsOf', 'target', 'capture', 'group'];

/** A probe while somebody asks for it: what stands in the form, and what the collector says to it. */
export class Asking {
  readonly draft: Draft;
  refusal: Refusal | undefined = $state.raw();
  trouble: string | undefined = $state();
  previews: Previews = $state.raw({});
  isBusy: boolean = $state(false);

  /** A refusal that is of no field. */
  readonly general: Refusal | undefined = $derived.by(() =>
    this.refusal !== undefined && !this.#isOfField(this.refusal) ? this.refusal : undefined,
  );

  readonly #api: Api;

  constructor(api: Api, start: Partial<Draft>) {
    this.#api = api;
    const draft: Draft = $state({ ...EMPTY, ...start });
    this.draft = draft;
  }

  /** What the collector has against one of some fields, by their paths in the request: `watches`, `limits.hits`. */
  refusalOf(...fields: readonly string[]): Refusal | undefined {
    return this.refusal !== undefined && fields.some((field) => isAt(this.refusal!, field))
      ? this.refusal
      : undefined;
  }

  async place(place: DraftPlace): Promise<ProbeView | undefined> {
    return this.do(() => this.#api.createProbe(requestOf(this.draft, place)));
  }

  /** Asks the collector for something, and keeps what it has against it. */
  async do<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
    if (this.isBusy) return undefined;
    this.isBusy = true;
    this.refusal = undefined;
    this.trouble = undefined;
    try {
      return await ask();
    } catch (error) {
      if (error instanceof Refusal) this.refusal = error;
      else this.trouble = explain(error);
      return undefined;
    } finally {
      this.isBusy = false;
    }
  }

  /** Finds out what expressions would have come to in a capture of the same line, or what the collector has against them. */
  async try(capture: string, trial: DryRunRequest): Promise<void> {
    try {
      const answer = await this.#api.dryRun(capture, trial);
      this.refusal = undefined;
      this.previews = previewsOf(answer);
    } catch (error) {
      this.previews = {};
      if (error instanceof Refusal && this.#isOfField(error)) this.refusal = error;
    }
  }

  #isOfField(refusal: Refusal): boolean {
    return [...askOf(this.draft.kind).fields, ...ALWAYS].some((field) => isAt(refusal, field));
  }
}

/** `limits.hits` is at `limits`, and `watches[2]` at `watches`. */
const isAt = ({ path = '' }: Refusal, field: string): boolean =>
  path.startsWith(field) && !/^\w/.test(path.slice(field.length));
