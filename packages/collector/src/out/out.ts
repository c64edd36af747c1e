import type { OtlpSignal } from '@dormouse/protocol';
import { Otlp } from './otlp/otlp.js';
import type { Source } from './source.js';
import type { Targets } from './targets.js';
import { Webhooks } from './webhooks/webhooks.js';

export interface OutOptions {
  readonly targets: Targets;
  /** What the variables OTEL_EXPORTER_OTLP_… ask for, see `signalsOfEnvironment`. */
  readonly otlpSignals: readonly OtlpSignal[] | undefined;
  /** Where people find the collector. */
  readonly publicUrl: string | undefined;
}

/** What leaves an environment by itself, for others to read. */
export class Out {
  readonly otlp: Otlp;
  readonly webhooks: Webhooks;

  constructor(source: Source, options: OutOptions) {
    this.otlp = new Otlp(source, options);
    this.webhooks = new Webhooks(source, options.targets);
  }

  start(): void {
    this.otlp.start();
    this.webhooks.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.otlp.stop(), this.webhooks.stop()]);
  }
}
