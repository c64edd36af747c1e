import { once } from 'node:events';
import type { CaptureView, LinkView } from '@dormouse/protocol';
import { lineOf } from '../lib/example.ts';
import type { Server } from '../lib/processes.ts';
import type { Stage } from '../lib/stage.ts';
import type { Proof } from './investigate.ts';
import type { Narrator } from './narrator.ts';
import { publishSources } from './publish-sources.ts';
import { startTraffic } from './traffic.ts';

/** Keeps services and traffic running until Ctrl+C, and says where to look and what to type in a second terminal. */
export async function stayUp({
  stage,
  trades,
  proof: { skipped, scored },
  say,
}: {
  stage: Stage;
  trades: Server;
  proof: Proof;
  say: Narrator;
}): Promise<void> {
  const { url } = stage.collector;
  const traffic = await startTraffic(trades.url);
  for (const service of ['trades', 'fraud']) await publishSources(stage.api, service);
  const { path } = (await stage.api.call('POST', '/console-links', {})) as LinkView;
  say.title('It is your turn. Everything keeps running.');
  say.text(
    'In a browser, the request that proved it on one time line; the link works once, within five minutes:',
  );
  say.command(`${url}${path}&returnTo=${encodeURIComponent(timeLineOf(skipped))}`);
  say.text('Then one that was scored, over both services:');
  say.command(url + timeLineOf(scored));
  say.text('From there, Source is the running code: click a line number, and ask it something.');
  say.text('\nIn a second terminal:');
  say.command(`export DORMOUSE_URL=${url} DORMOUSE_SERVICE=trades DORMOUSE_ADMIN_TOKEN=${stage.adminToken}`);
  say.command(
    `npx dormouse snapshot quote.ts:${lineOf('src/trades/market/quote.ts', 'const amount =')} --if 'quantity > 400'`,
  );
  say.command(
    `npx dormouse log order-desk.ts:${lineOf('src/trades/orders/order-desk.ts', 'const record = orders.add')} '{order.account} {order.side} {order.quantity} {order.symbol}'`,
  );
  say.command('npx dormouse tail');
  say.command('npx dormouse console    # another link for the browser');
  say.text('\nCtrl+C ends it.');
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await traffic.stop();
}

/** Where the console shows the request in which something was captured, and that in it. */
function timeLineOf({ id, traceId = '', receivedAt }: CaptureView): string {
  const open = { by: 'trace', trace: traceId, at: String(receivedAt), capture: id };
  return `/#/evidence/trades?${new URLSearchParams(open)}`;
}
