import { MessageChannel } from 'node:worker_threads';
import { callFunction } from '../intrinsics.js';

/**
 * Has something run soon, asked for from inside the program's own work: through a port that is there already, so that no
 * timer, promise or other asynchronous resource begins its life on a hit, where the program could see it.
 */
export interface Waker {
  wake(): void;
  close(): void;
}

/** It does not keep the process alive. */
export function createWaker(run: () => void): Waker {
  const { port1, port2 } = new MessageChannel();
  const { postMessage } = port1;
  port2.on('message', run).unref();
  return {
    wake: () => void callFunction(postMessage, port1, undefined),
    close: () => port1.close(),
  };
}
