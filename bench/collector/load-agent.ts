import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import {
  AGENT_PATH,
  CONTRACT_VERSION,
  PROTOCOL_VERSION,
  type Capture,
  type CollectorMessage,
  type Manifest,
} from '@dormouse/protocol';
import { Packr } from 'msgpackr';
import { WebSocket } from 'ws';

const packr = new Packr({ useRecords: false });

/** A process that was made ready to send: what it sends is packed before anything is measured. */
export class LoadAgent {
  readonly #socket: WebSocket;
  readonly #batches: readonly Buffer[];
  #waiting: (() => void)[] = [];

  private constructor(socket: WebSocket, batches: readonly Buffer[]) {
    this.#socket = socket;
    this.#batches = batches;
    socket.on('message', (data: Buffer) => {
      const message = packr.unpack(data) as CollectorMessage;
      if (message.type === 'stored') this.#waiting.shift()?.();
    });
  }

  /** Packs batches as the runtime does, gzip where that is worth it. */
  static batches(captures: readonly Capture[], size: number): Buffer[] {
    return Array.from({ length: Math.ceil(captures.length / size) }, (_, batch) => {
      const part = captures.slice(batch * size, (batch + 1) * size);
      const packed = packr.pack({ type: 'captures', batch, captures: part });
      return packed.byteLength < 1_024 ? packed : gzipSync(packed, { level: 1 });
    });
  }

  static async connect(
    url: string,
    token: string,
    instance: string,
    manifest: Manifest,
    batches: readonly Buffer[],
  ): Promise<LoadAgent> {
    const socket = new WebSocket(url.replace(/^http/, 'ws') + AGENT_PATH, {
      headers: { authorization: `Bearer ${token}` },
    });
    await once(socket, 'open');
    const agent = {
      instance,
      service: 'trades',
      buildId: manifest.buildId,
      host: 'h',
      pid: 1,
      node: 'v24',
      runtime: '0',
      tags: {},
    };
    const welcomed = once(socket, 'message');
    socket.send(packr.pack({ type: 'hello', protocol: PROTOCOL_VERSION, contract: CONTRACT_VERSION, agent }));
    const [data] = (await welcomed) as [Buffer];
    const welcome = packr.unpack(data) as CollectorMessage;
    if (welcome.type === 'welcome' && welcome.manifestNeeded)
      socket.send(packr.pack({ type: 'manifest', manifest }));
    return new LoadAgent(socket, batches);
  }

  /** Sends one capture at once, and waits for nothing. */
  sendOne(capture: Capture): void {
    this.#socket.send(packr.pack({ type: 'captures', batch: 0, captures: [capture] }));
  }

  /** Sends everything, so many batches at a time, and resolves when the last was acknowledged. @throws when the connection ends */
  async send(atOnce: number): Promise<void> {
    const ended = once(this.#socket, 'close').then(([code]) => {
      throw new Error(`The collector closed the connection: ${code}.`);
    });
    await Promise.race([this.#sendAll(atOnce), ended]);
  }

  async #sendAll(atOnce: number): Promise<void> {
    let acknowledged: Promise<void>[] = [];
    for (const batch of this.#batches) {
      if (acknowledged.length >= atOnce) {
        await acknowledged[0];
        acknowledged = acknowledged.slice(1);
      }
      acknowledged.push(new Promise((resolve) => this.#waiting.push(resolve)));
      this.#socket.send(batch);
    }
    await Promise.all(acknowledged);
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.close();
  }
}
