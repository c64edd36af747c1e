import { McpServer } from '@modelcontextprotocol/server';
import { VERSION } from '../version.js';
import { Api, type Send } from './api.js';
import { INSTRUCTIONS } from './instructions.js';
import { ownerOf } from './owner.js';
import { PROMPTS } from './prompts.js';
import { callTool, progressOf } from './tool.js';
import { TOOLS } from './tools/tools.js';
import type { InTurn } from './turns.js';

export interface McpServerParts {
  /** Carries the questions of tools to the collector's API, with the caller's token. */
  readonly send: Send;
  readonly token: string;
  /** Shared by all servers of the process: probes are counted before one more is placed. */
  readonly placeInTurn: InTurn;
  /** Told of what goes wrong beside the answers. */
  readonly onError: (error: Error) => void;
}

/** A server for one request, or one connection. It keeps nothing: what there is to know, the collector knows. */
export function createMcpServer({ send, token, placeInTurn, onError }: McpServerParts): McpServer {
  const server = new McpServer(
    { name: 'dormouse', title: 'Dormouse', version: VERSION },
    { instructions: INSTRUCTIONS },
  );
  const caller = { api: new Api(send), owner: ownerOf(token), placeInTurn, onError };
  for (const tool of TOOLS) {
    const { name, title, description, annotations, input, output } = tool;
    server.registerTool(
      name,
      {
        title,
        description,
        annotations: { title, ...annotations },
        inputSchema: input,
        outputSchema: output,
      },
      (given, context) =>
        callTool(tool, { ...caller, signal: context.mcpReq.signal, progress: progressOf(context) }, given),
    );
  }
  for (const { name, title, description, args, text } of PROMPTS) {
    server.registerPrompt(name, { title, description, argsSchema: args }, (given) => ({
      description,
      messages: [{ role: 'user', content: { type: 'text', text: text(given) } }],
    }));
  }
  return server;
}
