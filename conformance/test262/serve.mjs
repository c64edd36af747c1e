/** Executes the tests that its parent names, one after the other, and sends back what state each is in, then its results. */
import { execute } from './execute.mjs';

// Tests reject promises that nobody handles, and throw in callbacks; what they report themselves counts.
process.on('unhandledRejection', () => undefined);
process.on('uncaughtException', () => undefined);
process.on('message', async ({ directory, path }) => {
  const results = await execute(directory, path, (state) => process.send({ state }));
  process.send({ results });
});
