import type { CallToolResult, ServerContext, ToolAnnotations } from '@modelcontextprotocol/server';
import type { ErrorBody } from '@dormouse/protocol';
import type { z } from 'zod';
import { Refused, type Api } from './api.js';
import { clean } from './clean.js';
import type { InTurn } from './turns.js';

/** What a call of a tool works with. */
export interface ToolContext {
  readonly api: Api;
  /** Whose probes are the caller's own. */
  readonly owner: string;
  readonly placeInTurn: InTurn;
  readonly signal: AbortSignal;
  /** Told of defects, which callers hear nothing more about. */
  readonly onError: (error: Error) => void;
  /** Tells the client, if it wants to hear it, how the wait goes. */
  progress(done: number, total: number, message: string): Promise<void>;
}

/** Something an AI agent can ask. Its schemas and descriptions are all that the agent knows of it. */
export interface Tool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly annotations: ToolAnnotations;
  readonly input: Input;
  readonly output: Output;
  run(context: ToolContext, input: z.output<Input>): Promise<z.output<Output>>;
}

/** Ties the types of a tool's schemas to its `run`. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Tool<Input, Output>,
): Tool {
  return tool as unknown as Tool;
}

/** Changes nothing. Evidence is from an open world: from programs, and whoever sends them something. */
export const READS = { readOnlyHint: true, openWorldHint: false } as const satisfies ToolAnnotations;
export const READS_EVIDENCE = { readOnlyHint: true, openWorldHint: true } as const satisfies ToolAnnotations;

const DEFECT: ErrorBody['error'] = {
  code: 'INTERNAL',
  message: 'The tool failed. This is a defect of Dormouse; its log has the details.',
};

/** Runs a tool; what was refused is an answer too, from which the agent can learn. */
export async function callTool(tool: Tool, context: ToolContext, input: unknown): Promise<CallToolResult> {
  try {
    const output = clean(await tool.run(context, input as Record<string, unknown>));
    return { content: [{ type: 'text', text: JSON.stringify(output) }], structuredContent: output };
  } catch (error) {
    if (context.signal.aborted) throw error;
    const known = error instanceof Refused ? error.error : DEFECT;
    if (known === DEFECT) context.onError(error as Error);
    return { isError: true, content: [{ type: 'text', text: JSON.stringify(clean({ error: known })) }] };
  }
}

/** @param context the protocol's */
export function progressOf({ mcpReq }: ServerContext): ToolContext['progress'] {
  const progressToken = mcpReq._meta?.progressToken;
  return async (progress, total, message) => {
    if (progressToken === undefined) return;
    await mcpReq.notify({
      method: 'notifications/progress',
      params: { progressToken, progress, total, message },
    });
  };
}
