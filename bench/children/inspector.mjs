/** What a debugger built on the V8 inspector does: a breakpoint, set from a worker thread. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

const WORKER = `
  const { Session } = require('node:inspector');
  const { parentPort, workerData } = require('node:worker_threads');
  const { depth, breakpoint } = workerData;
  const session = new Session();
  const post = (method, params) =>
    new Promise((resolve, reject) =>
      session.post(method, params, (error, result) => (error ? reject(error) : resolve(result))));

  async function read(objectId, levels) {
    const { result } = await post('Runtime.getProperties', { objectId, ownProperties: true });
    if (levels === 0) return;
    const objects = result.filter(({ value }) => value?.type === 'object' && value.objectId);
    await Promise.all(objects.map(({ value }) => read(value.objectId, levels - 1)));
  }

  session.connectToMainThread();
  session.on('Debugger.paused', async ({ params }) => {
    if (depth > 0) await read(params.callFrames[0].scopeChain[0].object.objectId, depth);
    session.post('Debugger.resume');
  });
  post('Debugger.enable')
    .then(() => post('Debugger.setBreakpointByUrl', breakpoint))
    .then(({ locations }) => parentPort.postMessage(locations.length), (error) => parentPort.postMessage(error));
  setInterval(() => {}, 1e6);
`;

/** Levels below the variables that a capture reads: as many as a default snapshot of ours. */
const DEPTH = 4;

/**
 * Sets a breakpoint on the line of `file` that contains `text`. It pauses where the condition holds, or always, reads the
 * variables if it is to capture, and resumes. Throws if V8 finds no such place.
 */
export async function breakWhere(file, text, condition, isCapture = false) {
  const lineNumber = readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text));
  const breakpoint = { lineNumber, url: pathToFileURL(file).href, condition };
  const worker = new Worker(WORKER, {
    eval: true,
    workerData: { depth: isCapture ? DEPTH : 0, breakpoint },
  });
  const [answer] = await once(worker, 'message');
  if (answer !== 1) throw new Error(`The breakpoint was not set: ${JSON.stringify(answer)}`);
}
