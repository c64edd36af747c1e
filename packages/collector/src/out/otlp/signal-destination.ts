import { isDeepStrictEqual } from 'node:util';
import type { CaptureView, OtlpSignal } from '@dormouse/protocol';
import type { OutOptions } from '../out.js';
import type { Batch, Destination } from '../outflow.js';
import type { Source } from '../source.js';
import type { Targets } from '../targets.js';
import type { Resources } from './resources.js';
import { hearPartialSuccess, type Sent } from './send.js';
import type { OtlpSettings } from './settings.js';
import { SENDERS, type ExporterOptions, type Sender } from './signals.js';

/** Captures that are read at once. */
const PAGE = 200;

export interface SignalOptions extends OutOptions {
  readonly source: Source;
  readonly signal: OtlpSignal;
  readonly resources: Resources;
}

/** The name of a signal among the outlets. */
export const outletOf = (signal: OtlpSignal): string => `otlp-${signal}`;

/** One signal, wherever the settings of the moment send it. */
export class SignalDestination implements Destination<CaptureView> {
  readonly name: string;
  readonly #options: SignalOptions;
  #settings: OtlpSettings | 'environment' | undefined;
  #sender: Sender | undefined;
  /** Of a batch that could not be sent as a whole: what has been sent already, by the cursor of its first capture. */
  readonly #sent = new Map<string, Sent>();

  constructor(options: SignalOptions) {
    this.#options = options;
    this.name = outletOf(options.signal);
  }

  async isOpen(): Promise<boolean> {
    const wanted = await this.#wanted();
    if (!isDeepStrictEqual(wanted, this.#settings)) {
      await this.close();
      this.#settings = wanted;
    }
    return wanted !== undefined;
  }

  async read(cursor: number): Promise<Batch<CaptureView>> {
    const items = await this.#options.source.storage.captures.list({}, cursor, PAGE);
    return { items, cursor: Number(items.at(-1)?.cursor ?? cursor) };
  }

  async deliver(captures: readonly CaptureView[]): Promise<{ sent: number; refused: number }> {
    const { signal, resources, source } = this.#options;
    const sender = (this.#sender ??= this.#open());
    const resourceOf = await resources.of(captures);
    const total = { sent: 0, refused: 0 };
    for (const group of grouped(captures, sender.together)) {
      const first = group[0]!.cursor;
      const sent = this.#sent.get(first) ?? (await sender.send(group, resourceOf));
      this.#sent.set(first, sent);
      total.sent += sent.accepted;
      total.refused += sent.refused;
      if (sent.refused > 0) {
        source.log.warn({ signal, refused: sent.refused, reason: sent.reason }, 'refused by the receiver');
      }
    }
    this.#sent.clear();
    return total;
  }

  async close(): Promise<void> {
    const sender = this.#sender;
    this.#sender = undefined;
    this.#sent.clear();
    await sender?.close();
  }

  #open(): Sender {
    const { signal, targets, publicUrl } = this.#options;
    hearPartialSuccess();
    return SENDERS[signal](exporterOptions(signal, this.#settings, targets), publicUrl);
  }

  async #wanted(): Promise<OtlpSettings | 'environment' | undefined> {
    const { signal, otlpSignals, source } = this.#options;
    if (otlpSignals !== undefined) return otlpSignals.includes(signal) ? 'environment' : undefined;
    const settings = await source.storage.outlets.otlp();
    return settings?.signals.includes(signal) ? settings : undefined;
  }
}

/** In the order of their first. */
function grouped(
  captures: readonly CaptureView[],
  keyOf: (capture: CaptureView) => string,
): readonly (readonly CaptureView[])[] {
  const groups = new Map<string, CaptureView[]>();
  for (const capture of captures) {
    const key = keyOf(capture);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [capture]);
    else group.push(capture);
  }
  return [...groups.values()];
}

/** Where somebody has asked for it, the connection is made to what may be sent to only. */
function exporterOptions(
  signal: OtlpSignal,
  settings: OtlpSettings | 'environment' | undefined,
  targets: Targets,
): ExporterOptions {
  if (settings === undefined || settings === 'environment') return {};
  const { endpoint, headers, compression } = settings;
  return {
    url: `${endpoint.replace(/\/+$/, '')}/v1/${signal}`,
    headers,
    compression: compression as NonNullable<ExporterOptions['compression']>,
    httpAgentOptions: (protocol) => targets.agent(protocol),
  };
}
