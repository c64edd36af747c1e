/** Runs programs that its parent sends, one after the other, and sends their outcomes back. */
import { run } from './realm.mjs';

// Programs reject promises nobody handles; what they trace until then is what counts.
process.on('unhandledRejection', () => undefined);
process.on('message', async ({ id, program }) => process.send({ id, outcome: await run(program) }));
