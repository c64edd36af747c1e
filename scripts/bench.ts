/**
 * `npm run bench [-- PART… OPTIONS]`: the parts of the speed suite, one after the other; each writes its own results
 * file. Without a part: all of them, over an hour; with `--rounds 2 --node 20 --node 24` about half an hour; with `--quick` about 15 minutes. Options go to every
 * part: see `bench/lib/options.ts`.
 */
import { run } from './lib/run.ts';

const PARTS = ['example', 'programs', 'http', 'weaving', 'others', 'hits', 'console', 'collector'];

const options = process.argv.slice(2);
const wanted = options.filter((option) => PARTS.includes(option));
const rest = options.filter((option) => !PARTS.includes(option));
for (const part of wanted.length > 0 ? wanted : PARTS) {
  if (!run(process.execPath, [`bench/${part}.ts`, ...rest])) process.exit(1);
}
