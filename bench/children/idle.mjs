/**
 * A program that does nothing for a while. Prints as JSON: `started`, ms from the start of the process to the first line
 * of the program; `cpu`, ms of CPU until it is idle; `rss` and `heap`, bytes then, garbage collected; `pid`.
 *
 *     node --expose-gc idle.mjs
 */
const started = performance.now();
setTimeout(() => {
  const { user, system } = process.cpuUsage();
  for (let round = 0; round < 3; round++) globalThis.gc();
  const { heapUsed: heap, rss } = process.memoryUsage();
  console.log(JSON.stringify({ started, cpu: (user + system) / 1_000, rss, heap, pid: process.pid }));
  process.exit(0);
}, 1_500);
