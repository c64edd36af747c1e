import type {
  GroupRequest,
  GroupView,
  PlaceTemplateRequest,
  ProbeRequest,
  ProbeView,
  SourceSearchView,
  TemplateView,
} from '@dormouse/protocol';
import type { Api } from './api.js';

/** What is asked for where probes are placed: lines of sources, debug sessions, templates. Methods throw as those of {@link Api}. */
export class Probing {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  searchSource(query: {
    service: string;
    text: string;
    buildId?: string;
    limit: number;
  }): Promise<SourceSearchView> {
    return this.#api.ask('GET', '/sources/search', query);
  }

  /** Those that have not ended. */
  async groups(): Promise<readonly GroupView[]> {
    return (await this.#api.ask<{ groups: GroupView[] }>('GET', '/groups', { state: 'active' })).groups;
  }

  createGroup(request: GroupRequest): Promise<GroupView> {
    return this.#api.ask('POST', '/groups', {}, request);
  }

  /** @param expiresInMs from now */
  extendGroup(id: string, expiresInMs: number): Promise<GroupView> {
    return this.#api.ask('POST', `/groups/${encodeURIComponent(id)}/extend`, {}, { expiresInMs });
  }

  endGroup(id: string): Promise<GroupView> {
    return this.#api.ask('DELETE', `/groups/${encodeURIComponent(id)}`);
  }

  async templates(): Promise<readonly TemplateView[]> {
    return (await this.#api.ask<{ templates: TemplateView[] }>('GET', '/templates')).templates;
  }

  saveTemplate(name: string, request: ProbeRequest, description: string | undefined): Promise<TemplateView> {
    return this.#api.ask(
      'PUT',
      `/templates/${encodeURIComponent(name)}`,
      {},
      { request, ...(description !== undefined && { description }) },
    );
  }

  placeTemplate(name: string, request: PlaceTemplateRequest): Promise<ProbeView> {
    return this.#api.ask('POST', `/templates/${encodeURIComponent(name)}/place`, {}, request);
  }
}
