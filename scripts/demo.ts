/**
 * `npm run demo`: finds the example's silent failure the way an engineer would, through the public API, while
 * the service keeps running. In a terminal it then stays up and says what to try; otherwise it exits 0 once the
 * bug is proved, and non-zero if any step fails.
 */
import { Narrator } from './demo/narrator.ts';
import { investigate } from './demo/investigate.ts';
import { measureOverhead } from './demo/overhead.ts';
import { stayUp } from './demo/stay-up.ts';
import { startTraffic } from './demo/traffic.ts';
import { buildExample } from './lib/example.ts';
import { openStage } from './lib/stage.ts';

const interactive = process.stdout.isTTY && process.stdin.isTTY && process.env['CI'] === undefined;
const say = new Narrator(process.stdout);

say.title('Dormouse: a live debugger for Node whose hooks are woven in at build time');

say.step('Building the trading example with `dormouse tsc`, and once more without, to compare');
const { weaveReport } = await buildExample();
say.text(weaveReport);

say.step('Starting the collector, the two woven services, and their clients');
const stage = await openStage();
try {
  const fraud = await stage.startService('fraud', { traced: true });
  const trades = await stage.startService('trades', { traced: true, env: { FRAUD_URL: fraud.url } });
  const traffic = await startTraffic(trades.url);
  say.text(`collector ${stage.collector.url}   trades ${trades.url}   fraud ${fraud.url}`);

  const proof = await investigate({ stage, trades, say });

  await traffic.stop();
  await measureOverhead(say);

  if (interactive) await stayUp({ stage, trades, proof, say });
  else say.title('Proved: the bug was found in the running service, and nothing was restarted.');
} finally {
  await stage.close();
}
