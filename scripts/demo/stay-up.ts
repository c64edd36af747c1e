import { once } from 'node:events';
import type { LinkView } from '@dormouse/protocol';
import { lineOf } from '../lib/example.ts';
import type { Server } from '../lib/processes.ts';
import type { Stage } from '../lib/stage.ts';
import type { Narrator } from './narrator.ts';
import { publishSources } from './publish-sources.ts';
import { startTraffic } from './traffic.ts';

/** Keeps services and traffic running until Ctrl+C, and says what to type in a second terminal. */
export async function stayUp({
  stage,
  trades,
  say,
}: {
  stage: Stage;
  trades: Server;
  say: Narrator;
}): Promise<void> {
  const traffic = await startTraffic(trades.url);
  await publishSources(stage.api, 'trades');
  const { path } = (await stage.api.call('POST', '/console-links', {})) as LinkView;
  say.title('It is your turn. Everything keeps running; in a second terminal:');
  say.command(`export DORMOUSE_URL=${stage.collector.url} DORMOUSE_SERVICE=trades`);
  say.command(`export DORMOUSE_ADMIN_TOKEN=${stage.adminToken}`);
  say.command('npx dormouse services');
  say.command('npx dormouse points quote.ts');
  say.command(
    `npx dormouse snapshot quote.ts:${lineOf('src/trades/market/quote.ts', 'const amount =')} --if 'quantity > 400'`,
  );
  say.command(
    `npx dormouse log order-desk.ts:${lineOf('src/trades/orders/order-desk.ts', 'const record = orders.add')} '{order.account} {order.side} {order.quantity} {order.symbol}'`,
  );
  say.command('npx dormouse tail');
  say.text(
    '\nOr in a browser, by a link that works once, within five minutes (`npx dormouse console` makes another):',
  );
  say.command(`${stage.collector.url}${path}&returnTo=${encodeURIComponent('/#/source/trades')}`);
  say.text('\nCtrl+C ends it.');
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await traffic.stop();
}
