import { API_PREFIX } from '@dormouse/protocol';
import type { TestCollector } from './collector.ts';

export interface ServerEvent {
  readonly id?: string;
  readonly event?: string;
  readonly data?: unknown;
  readonly comment?: string;
  readonly retry?: string;
}

/** A client of `/stream` that reads as a browser would. */
export class EventStream {
  readonly events: ServerEvent[] = [];
  readonly ended: Promise<void>;
  readonly #stop: AbortController;

  private constructor(response: Response, stop: AbortController) {
    this.#stop = stop;
    this.ended = this.#read(response).catch(() => undefined);
  }

  static async open(
    { url, adminToken }: Pick<TestCollector, 'url' | 'adminToken'>,
    query = '',
    headers: Record<string, string> = {},
  ): Promise<EventStream> {
    const stop = new AbortController();
    const response = await fetch(`${url}${API_PREFIX}/stream?${query}`, {
      headers: { authorization: `Bearer ${adminToken}`, ...headers },
      signal: stop.signal,
    });
    if (response.status !== 200) throw new Error(await response.text());
    return new EventStream(response, stop);
  }

  close(): void {
    this.#stop.abort();
  }

  /** Ids of the captures and probes so far, in order. */
  get ids(): string[] {
    return this.events.flatMap(({ data }) => (data as { id?: string } | undefined)?.id ?? []);
  }

  async #read(response: Response): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      this.events.push(...blocks.map(parseEvent));
    }
  }
}

function parseEvent(block: string): ServerEvent {
  const fields = block.split('\n').map((line) => {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon), line.slice(colon + 1).trimStart()];
    return [name === '' ? 'comment' : name, name === 'data' ? (JSON.parse(value) as unknown) : value];
  });
  return Object.fromEntries(fields) as ServerEvent;
}
