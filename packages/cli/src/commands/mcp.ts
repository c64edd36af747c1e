import { once } from 'node:events';
import { debuglog } from 'node:util';

import { findConnection } from '../client/connection.js';
import { defineCommand } from '../command/command.js';
import { UsageError } from '../failure.js';

const debug = debuglog('dormouse');

export const command = defineCommand({
  positionals: [],
  options: {},
  notes: `Speaks the Model Context Protocol on standard input and output, for AI agents that start their servers themselves:
  claude mcp add dormouse -- dormouse mcp
  codex mcp add dormouse -- dormouse mcp

Others connect to the collector, at /mcp, with the header Authorization: Bearer TOKEN. docs/mcp.md has lines for more
clients. The token is found as by every command: "dormouse login" keeps it out of the client's files.`,
  async run({ values }) {
    const { url, token, environment } = findConnection(values);
    if (token === undefined) throw new UsageError('There is no token: "dormouse login" remembers one.');
    const { serveMcpOverStdio } = await import('@dormouse/collector/mcp');
    const server = serveMcpOverStdio({
      url,
      token,
      ...(environment !== undefined && { environment }),
      onError: (error) => debug('%o', error),
    });
    await once(process.stdin, 'end');
    await server.close();
  },
});
