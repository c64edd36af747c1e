/**
 * OpenTelemetry for both services, without a line in them: a span for each request that is handled, which continues its
 * caller's trace, and that trace in the requests that are sent. To be loaded before the service.
 */
import { subscribe } from 'node:diagnostics_channel';
import { Server } from 'node:http';
import { context, propagation, SpanKind, trace } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

new NodeTracerProvider().register();
const tracer = trace.getTracer('trades');

const { emit } = Server.prototype;
Server.prototype.emit = function (event, ...args) {
  if (event !== 'request') return emit.call(this, event, ...args);
  const [request, response] = args;
  const caller = propagation.extract(context.active(), request.headers);
  const span = tracer.startSpan(`${request.method} ${request.url}`, { kind: SpanKind.SERVER }, caller);
  response.once('close', () => span.end());
  return context.with(trace.setSpan(caller, span), () => emit.call(this, event, ...args));
};

subscribe('undici:request:create', ({ request }) =>
  propagation.inject(context.active(), request, { set: (sent, name, value) => sent.addHeader(name, value) }),
);
