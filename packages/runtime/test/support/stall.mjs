/**
 * Captures what has a million of something, each time a fresh one, as the first that this process captures. Prints the
 * shortest delay of the event loop, ms, as JSON. Runs on any Node the runtime supports, so it is plain JavaScript.
 */
import { DEFAULT_CAPTURE_LIMITS } from '@dormouse/protocol';
import { openCapture } from '../../dist/capture/session.js';

const MILLION = 1_000_000;
const TIMES = 6;
/** As short a delay is not tried to be beaten, ms. */
const SHORT = 8;

function filled(object, key) {
  for (let index = 0; index < MILLION; index++) object[key(index)] = index;
  return object;
}

class Registry {}

const makers = {
  names: () => filled({}, (index) => `key${index}`),
  'names of an instance': () => filled(new Registry(), (index) => `key${index}`),
  'names without prototype': () => filled(Object.create(null), (index) => `key${index}`),
  'integers far apart': () => filled({}, (index) => (index * 2_654_435_761) % 4_294_967_291),
  'integers with gaps': () => filled({}, (index) => index * 3),
  integers: () => filled({}, (index) => index),
  'an array': () => filled([], (index) => index),
  'a Map': () => new Map(filled([], (index) => index).entries()),
  'a Set': () => new Set(filled([], (index) => index)),
  'a typed array': () => new Float64Array(MILLION),
  'a Buffer': () => Buffer.alloc(MILLION),
  'a string': () => 'x'.repeat(MILLION),
};

const delays = {};
for (const [what, make] of Object.entries(makers)) {
  delays[what] = Infinity;
  for (let time = 0; time < TIMES && delays[what] > SHORT; time++) {
    const value = make();
    globalThis.gc();
    const started = performance.now();
    openCapture(DEFAULT_CAPTURE_LIMITS).variable('value', value);
    delays[what] = Math.min(delays[what], Number((performance.now() - started).toFixed(2)));
  }
}
console.log(JSON.stringify(delays));
