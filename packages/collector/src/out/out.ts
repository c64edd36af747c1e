import { Otlp } from './otlp/otlp.js';
import type { Signal } from './otlp/settings.js';
import type { Source } from './source.js';
import { Targets } from './targets.js';
import { Webhooks } from './webhooks/webhooks.js';

export interface OutOptions {
  /** Networks that may be sent to besides public addresses: `10.0.0.0/8`, `127.0.0.1`. Default: none. */
  readonly sendTo?: readonly string[];
  /** What the variables OTEL_EXPORTER_OTLP_… ask for, see `signalsOfEnvironment`. Default: they are not looked at. */
  readonly otlpSignals?: readonly Signal[];
}

/** What leaves an environment by itself, for others to read. */
export class Out {
  readonly otlp: Otlp;
  readonly webhooks: Webhooks;

  /** @throws {StartError} for a network that is none */
  constructor(source: Source, { sendTo, otlpSignals }: OutOptions) {
    const targets = new Targets(sendTo);
    this.otlp = new Otlp(source, { targets, byEnvironment: otlpSignals });
    this.webhooks = new Webhooks(source, targets);
  }

  start(): void {
    this.otlp.start();
    this.webhooks.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.otlp.stop(), this.webhooks.stop()]);
  }
}
