/**
 * What a program with OpenTelemetry has: a span for each request that it handles, which continues its caller's trace, and
 * that trace in the requests that it sends. To be loaded before the program.
 */
import { Server } from 'node:http';
import { context, propagation, trace } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

new NodeTracerProvider().register();
const tracer = trace.getTracer('example');

const { emit } = Server.prototype;
Server.prototype.emit = function (event, request, response, ...others) {
  if (event !== 'request') return emit.call(this, event, request, response, ...others);
  const caller = propagation.extract(context.active(), request.headers);
  const span = tracer.startSpan(`${request.method} ${request.url}`, {}, caller);
  response.once('close', () => span.end());
  return context.with(trace.setSpan(caller, span), () => emit.call(this, event, request, response));
};

const { fetch } = globalThis;
globalThis.fetch = (input, options = {}) => {
  const headers = { ...options.headers };
  propagation.inject(context.active(), headers);
  return fetch(input, { ...options, headers });
};
