import { OTLP_SIGNALS, type OtlpSignal } from '@dormouse/protocol';
import { StartError } from '../../start-error.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the standard variables ask for. Endpoints, headers, certificates, timeouts and compression the exporters read
 * themselves; whoever sets an endpoint there decides for every environment of the collector.
 * @returns the signals that have an endpoint; nothing where none has one
 * @throws {StartError} for a protocol that is not spoken
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function signalsOfEnvironment(environment: Environment): readonly OtlpSignal[] | undefined {
  const value = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const signals = OTLP_SIGNALS.filter((signal) => {
    const NAME = signal.toUpperCase();
    const endpoint = value(`OTEL_EXPORTER_OTLP_${NAME}_ENDPOINT`) ?? value('OTEL_EXPORTER_OTLP_ENDPOINT');
    if (endpoint === undefined || value(`OTEL_${NAME}_EXPORTER`) === 'none') return false;
    requireProtobuf(value(`OTEL_EXPORTER_OTLP_${NAME}_PROTOCOL`) ?? value('OTEL_EXPORTER_OTLP_PROTOCOL'));
    return true;
  });
  const isOff = value('OTEL_SDK_DISABLED')?.toLowerCase() === 'true';
  return signals.length === 0 || isOff ? undefined : signals;
}

function requireProtobuf(protocol = 'http/protobuf'): void {
  if (protocol === 'http/protobuf') return;
  throw new StartError(
    `OTEL_EXPORTER_OTLP_PROTOCOL is ${protocol}; the collector speaks http/protobuf only, port 4318 of most receivers.`,
  );
}
