import module from 'node:module';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { WeaveResult } from '@dormouse/transformer';
import type { GrowingBuild } from './growing-build.js';

/** What the thread that loads ES modules is told. */
export interface OffThreadData {
  readonly root: string;
  readonly weaves: boolean;
  readonly port: MessagePort;
}

/** What it answers, for each file it has woven. */
export interface WovenMessage {
  readonly path: string;
  readonly woven: WeaveResult;
}

/** Node before 22.15: ES modules are loaded by a thread of their own, which reports what it has woven. */
export function hookOffThread(weaves: boolean, build: GrowingBuild): void {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', ({ path, woven }: WovenMessage) => build.add(path, woven));
  port1.unref();
  const data: OffThreadData = { root: build.root, weaves, port: port2 };
  module.register('./off-thread.js', import.meta.url, { data, transferList: [port2] });
}
