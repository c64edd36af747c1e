/**
 * Serves `fastify.mjs` of one build and prints `{"url": …}`. POST /-/state brings it into its state and answers when it
 * is there.
 *
 *     node serve.mjs BUILD PROGRAM STATE
 *
 * STATE: as in steady.mjs.
 */
import { arm, disarm } from './probes.mjs';
import { load } from './surroundings.mjs';

const HIT_MS = 200;

const [build, program, state] = process.argv.slice(2);
const { createService } = await load(build, program);
const service = createService();
service.post('/-/state', async () => {
  if (state === 'plain') return {};
  const placed = await arm(JSON.parse(process.env.PROBES ?? '[]'));
  if (state === 'disarmed') {
    const until = performance.now() + HIT_MS;
    while (performance.now() < until) await service.inject('/items/a');
    await disarm(placed);
  }
  return {};
});
const url = await service.listen({ host: '127.0.0.1', port: 0 });
console.log(JSON.stringify({ url }));
