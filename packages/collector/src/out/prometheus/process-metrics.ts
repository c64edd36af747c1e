import { collectDefaultMetrics, Registry } from 'prom-client';

let registry: Registry | undefined;

/**
 * What a process is as such: CPU, memory, garbage collection, the delay of its event loop, from the first time that they
 * are asked for. They are the same for every collector in the process, and what measures them cannot be stopped.
 */
export function processMetrics(): Registry {
  if (registry === undefined) {
    registry = new Registry();
    collectDefaultMetrics({ register: registry });
  }
  return registry;
}
