/**
 * Looks at small objects of many kinds, over and over, in a process with large pieces of memory and cold caches, so that
 * each look is a thorough one. Says `ready`, and after two seconds prints as JSON how often it looked and what was shown
 * without all of its keys. Runs on any Node the runtime supports, so it is plain JavaScript.
 */
import { createContext, runInContext } from 'node:vm';
import { ownKeys } from '@dormouse/expression/inspect';

const FOR_MS = 2_000;
/** More than the processor keeps near. */
const large = new Float64Array(1_000_000);
const largeArray = Array.from({ length: 1_000_000 }, (_, index) => index + 0.5);

const filled = (count, key) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [key(index), index]));
const ofNames = (count) => filled(count, (index) => `key${index}`);

const objects = {
  'three names': ofNames(3),
  'a thousand names': ofNames(1_000),
  'a thousand names, as JSON has them': JSON.parse(JSON.stringify(ofNames(1_000))),
  'a thousand integers': filled(1_000, (index) => index),
  'a thousand integers far apart': filled(1_000, (index) => (index * 2_654_435_761) % 4_294_967_291),
  'the global object of a context': runInContext('globalThis', createContext(ofNames(3))),
};

function cool() {
  for (let index = 0; index < large.length; index += 8) large[index] += largeArray[index];
}

console.log('ready');
const incomplete = [];
let looks = 0;
for (const started = performance.now(); performance.now() - started < FOR_MS; looks++) {
  for (const [what, object] of Object.entries(objects)) {
    cool();
    if (!ownKeys(object, 10).complete) incomplete.push(what);
  }
}
console.log(JSON.stringify({ looks, incomplete }));
