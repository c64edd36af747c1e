import { OTLP_SIGNALS, type OtlpSignal } from '@dormouse/protocol';
import { StartError } from '../../start-error.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the standard variables ask for. Endpoints, headers, certificates, timeouts and compression the exporters read
 * themselves; whoever sets an endpoint there decides for every environment of the collector.
 * @returns the signals that have an endpoint; nothing where none has one
 * @throws {StartError} for a protocol that is not spoken, and for sums that are not made
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function signalsOfEnvironment(environment: Environment): readonly OtlpSignal[] | undefined {
  const value = (name: string): string | undefined => environment[name]?.trim() || undefined;
  if (value('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return undefined;
  const signals = OTLP_SIGNALS.filter((signal) => {
    const SIGNAL = signal.toUpperCase();
    const ofSignal = (name: string): string | undefined =>
      value(`OTEL_EXPORTER_OTLP_${SIGNAL}_${name}`) ?? value(`OTEL_EXPORTER_OTLP_${name}`);
    if (ofSignal('ENDPOINT') === undefined || value(`OTEL_${SIGNAL}_EXPORTER`) === 'none') return false;
    requireProtobuf(ofSignal('PROTOCOL'));
    if (signal === 'metrics') requireDeltas(ofSignal('TEMPORALITY_PREFERENCE'));
    return true;
  });
  return signals.length === 0 ? undefined : signals;
}

const REMEDY = 'Change it for the collector, or set OTEL_SDK_DISABLED=true, and nothing is sent.';

function requireProtobuf(protocol = 'http/protobuf'): void {
  if (protocol === 'http/protobuf') return;
  throw new StartError(
    `OTEL_EXPORTER_OTLP_PROTOCOL is ${protocol}; the collector speaks http/protobuf only, port 4318 of most receivers. ${REMEDY}`,
  );
}

/** Cumulative sums would need a memory of every series, and lose it with the collector. */
function requireDeltas(preference = 'delta'): void {
  if (preference.toLowerCase() !== 'cumulative') return;
  throw new StartError(
    `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE is cumulative; the collector sends deltas only. ${REMEDY}`,
  );
}
