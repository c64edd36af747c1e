/**
 * Hits one point a thousand times a second until it is stopped.
 *
 *     node busy.mjs FILE
 */
import { pathToFileURL } from 'node:url';

const [file] = process.argv.slice(2);
const { handle, makeRequest } = await import(pathToFileURL(file).href);
const request = makeRequest(1);
let sink = 0;
setInterval(() => (sink += handle(request, 1)), 1);
console.log(JSON.stringify({ url: 'about:blank' }));
process.on('SIGTERM', () => process.exit(0));
