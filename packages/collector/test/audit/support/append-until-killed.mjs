/**
 * Does what a collector does with changes, as fast as it can and several at a time, until it is killed: intends each, and
 * writes it down. Says on standard output what it has intended, and what is acknowledged.
 */
import { randomUUID } from 'node:crypto';
import { AuditTrail } from '../../../dist/audit/trail.js';
import { openStorages } from '../../../dist/storage/open.js';

const AT_ONCE = 6;

const [options, organisation] = process.argv.slice(2).map((argument) => JSON.parse(argument));
const { directory } = await openStorages(options);
const trail = new AuditTrail(directory.audit, console);

async function change() {
  const requestId = randomUUID();
  const entry = {
    at: Date.now(),
    caller: { kind: 'token', id: 't', name: 'test' },
    door: 'http',
    operation: 'createProbe',
    targets: [],
    outcome: 'unknown',
    requestId,
  };
  await trail.intend(organisation, requestId, entry);
  process.stdout.write(`intended ${requestId}\n`);
  await trail.record(organisation, { ...entry, outcome: 'ok' }, requestId);
  process.stdout.write(`acknowledged ${requestId}\n`);
}

await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (;;) await change();
  }),
);
