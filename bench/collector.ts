/**
 * `npm run bench -- collector`: one collector under load, with its clients on the same machine, over the loopback: many
 * connected agents and how fast a probe reaches them; captures stored, and counted after it was killed; the latest captures
 * of a probe among millions; many live viewers.
 *
 * `--only fleet|ingest|reading|viewers`, repeatable: only these, beside what was measured before.
 * `--on SQLite|PostgreSQL`: what is read, on one of them. `--quick`: a tenth of everything.
 */
import { parseArgs } from 'node:util';
import { measureFleet } from './collector/fleet.ts';
import { measureIngests } from './collector/ingest.ts';
import { measureReadings } from './collector/reading.ts';
import { markdown, type CollectorFigures } from './collector/report.ts';
import { measureViewers } from './collector/viewers.ts';
import { machine, readResults, saveResults } from './lib/results.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    on: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
  },
  strict: false,
});
const scale = values.quick === true ? 0.1 : 1;
const AGENTS = 10_000 * scale;
const CAPTURES = 100_000 * scale;
const STORED = 10_000_000 * scale;
const VIEWERS = 1_000 * scale;

let figures = readResults<{ figures: CollectorFigures }>('collector')?.figures ?? {};
const PARTS = {
  fleet: () => measureFleet(AGENTS, CAPTURES),
  ingest: () => measureIngests(CAPTURES),
  reading: async () => ({
    ...figures.reading,
    ...(await measureReadings(STORED, values.on as string[] | undefined)),
  }),
  viewers: () => measureViewers(VIEWERS),
} satisfies { [Part in keyof CollectorFigures]: () => Promise<unknown> };

for (const [part, measure] of Object.entries(PARTS)) {
  if (values.only !== undefined && !(values.only as string[]).includes(part)) continue;
  const begin = performance.now();
  console.log(`${part} …`);
  figures = { ...figures, [part]: await measure() };
  console.log(`${part}: ${((performance.now() - begin) / 1_000).toFixed(0)} s`);
  saveResults('collector', { machine: machine(), figures }, markdown(figures));
}
console.log(markdown(figures));
