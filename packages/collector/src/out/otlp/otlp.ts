import { OTLP_SIGNALS, type OtlpView } from '@dormouse/protocol';
import { CollectorError } from '../../collector-error.js';
import { openOutlet, Outflow } from '../outflow.js';
import type { OutOptions } from '../out.js';
import type { Source } from '../source.js';
import { Resources } from './resources.js';
import type { OtlpSettings } from './settings.js';
import { outletOf, SignalDestination } from './signal-destination.js';

/** Evidence as OpenTelemetry: one outlet for each signal, so that one that fails holds up no other. */
export class Otlp {
  readonly #source: Source;
  readonly #options: OutOptions;
  readonly #destinations: readonly SignalDestination[];
  readonly #outflows: readonly Outflow<unknown>[];

  constructor(source: Source, options: OutOptions) {
    this.#source = source;
    this.#options = options;
    const resources = new Resources(source.storage.agents);
    this.#destinations = OTLP_SIGNALS.map(
      (signal) => new SignalDestination({ ...options, source, signal, resources }),
    );
    this.#outflows = this.#destinations.map((destination) => new Outflow(source, destination));
  }

  start(): void {
    for (const outflow of this.#outflows) outflow.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#outflows.map((outflow) => outflow.stop()));
    await Promise.all(this.#destinations.map((destination) => destination.close()));
  }

  /** @throws {CollectorError} CONFLICT, INVALID_REQUEST */
  async set(settings: OtlpSettings): Promise<OtlpView> {
    this.#requireOwnChoice();
    await this.#options.targets.require(settings.endpoint, 'endpoint');
    for (const signal of settings.signals) await openOutlet(this.#source, outletOf(signal));
    await this.#source.storage.outlets.saveOtlp(settings);
    for (const outflow of this.#outflows) outflow.wake();
    return this.view();
  }

  /** @throws {CollectorError} CONFLICT */
  async remove(): Promise<OtlpView> {
    this.#requireOwnChoice();
    await this.#source.storage.outlets.saveOtlp(undefined);
    return this.view();
  }

  async view(): Promise<OtlpView> {
    const { storage } = this.#source;
    const { otlpSignals } = this.#options;
    const settings = otlpSignals === undefined ? await storage.outlets.otlp() : undefined;
    const open = otlpSignals ?? settings?.signals ?? [];
    const last = await storage.events.last();
    const signals = await Promise.all(
      open.map(async (signal) => {
        const outlet = await storage.outlets.find(outletOf(signal));
        const { cursor = last, sent = 0, refused = 0, skipped = 0, failure } = outlet ?? {};
        return { signal, sent, refused, skipped, behind: last - cursor, ...(failure && { failure }) };
      }),
    );
    return {
      by: otlpSignals !== undefined ? 'environment' : settings === undefined ? 'nobody' : 'settings',
      ...(settings !== undefined && {
        endpoint: settings.endpoint,
        headers: Object.keys(settings.headers),
        compression: settings.compression,
      }),
      signals,
    };
  }

  #requireOwnChoice(): void {
    if (this.#options.otlpSignals === undefined) return;
    throw new CollectorError(
      'CONFLICT',
      'OTEL_EXPORTER_OTLP_… of the collector’s process says where OpenTelemetry goes. Change it there, or take it away.',
    );
  }
}
