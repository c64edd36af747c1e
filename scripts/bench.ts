/** `npm run bench [-- OPTIONS]`: every measurement, one after the other; each writes its own results file. */
import { run } from './lib/run.ts';

const MEASUREMENTS = ['example'];

for (const name of MEASUREMENTS) {
  if (!run(process.execPath, [`bench/${name}.ts`, ...process.argv.slice(2)])) process.exit(1);
}
