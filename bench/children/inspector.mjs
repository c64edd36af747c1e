/** What a debugger built on the V8 inspector does: a conditional breakpoint, set from a worker thread. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

const WORKER = `
  const { Session } = require('node:inspector');
  const { parentPort, workerData } = require('node:worker_threads');
  const session = new Session();
  session.connectToMainThread();
  session.on('Debugger.paused', () => session.post('Debugger.resume'));
  session.post('Debugger.enable', () => {
    session.post('Debugger.setBreakpointByUrl', workerData, (error, result) => {
      parentPort.postMessage(error ?? result.locations.length);
    });
  });
  setInterval(() => {}, 1e6);
`;

/** Sets a breakpoint with a condition on the line of `file` that contains `text`. Throws if V8 finds no such place. */
export async function breakWhere(file, text, condition) {
  const lineNumber = readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text));
  const workerData = { lineNumber, url: pathToFileURL(file).href, condition };
  const worker = new Worker(WORKER, { eval: true, workerData });
  const [answer] = await once(worker, 'message');
  if (answer !== 1) throw new Error(`The breakpoint was not set: ${JSON.stringify(answer)}`);
}
