import { getContext, setContext } from 'svelte';
import type { Api } from '../api/api.js';
import { Feed } from './feed.svelte.js';
import type { Overlay } from './overlay.js';
import { Services } from './services.svelte.js';
import { Sources } from './sources.svelte.js';

/** What one who is signed in works with: the services, and the one that is looked at. */
export class Workspace {
  readonly api: Api;
  readonly services: Services;
  readonly sources: Sources;
  feed: Feed | undefined = $state.raw();
  overlay: Overlay | undefined = $state.raw();

  constructor(api: Api) {
    this.api = api;
    this.services = new Services(api);
    this.sources = new Sources(api);
  }

  /** Looks at a service, or at none. Returns what ends it. */
  watch(service: string | undefined): () => void {
    const feed = service === undefined ? undefined : new Feed(this.api, service);
    this.feed = feed;
    void feed?.open();
    return () => feed?.close();
  }
}

const KEY = Symbol('workspace');

export const provideWorkspace = (workspace: Workspace): Workspace => setContext(KEY, workspace);

export const useWorkspace = (): Workspace => getContext(KEY);
