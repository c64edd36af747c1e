import { serveStdio, type StdioServerHandle } from '@modelcontextprotocol/server/stdio';
import { sendTo } from './send.js';
import { createMcpServer } from './server.js';
import { createTurns } from './turns.js';

export interface StdioOptions {
  /** The collector's. */
  readonly url: string;
  readonly token: string;
  /** `organisation/project/environment`; without it, the only one that the token sees. */
  readonly environment?: string;
  /** Told of what goes wrong beside the answers. */
  readonly onError: (error: Error) => void;
}

/** Speaks the Model Context Protocol on standard input and output until the input ends; a collector elsewhere is asked. */
export function serveMcpOverStdio({ url, token, environment, onError }: StdioOptions): StdioServerHandle {
  const placeInTurn = createTurns();
  const send = sendTo(url, token, environment);
  return serveStdio(() => createMcpServer({ token, placeInTurn, onError, send }), { onerror: onError });
}
