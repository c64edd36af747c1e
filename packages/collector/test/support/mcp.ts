import {
  Client,
  StreamableHTTPClientTransport,
  type VersionNegotiationMode,
} from '@modelcontextprotocol/client';
import type { ErrorBody } from '@dormouse/protocol';
import { expect } from 'vitest';
import type { TestAgent } from './agent.ts';

/** An AI agent's side: the protocol's own client, over HTTP. */
export class TestMcp {
  readonly client: Client;

  private constructor(client: Client) {
    this.client = client;
  }

  static async connect(url: string, token: string, mode: VersionNegotiationMode = 'auto'): Promise<TestMcp> {
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
    const requestInit = { headers: { authorization: `Bearer ${token}` } };
    await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit }));
    return new TestMcp(client);
  }

  /** The structured answer, which the client has checked against the tool's schema; its text says the same. */
  async ask<Answer>(name: string, input: Record<string, unknown> = {}): Promise<Answer> {
    const { isError, structuredContent, content } = await this.client.callTool({ name, arguments: input });
    expect(isError, JSON.stringify(content)).toBeFalsy();
    expect(content).toEqual([{ type: 'text', text: JSON.stringify(structuredContent) }]);
    return structuredContent as Answer;
  }

  /** What a refused call is told. */
  async refused(name: string, input: Record<string, unknown> = {}): Promise<ErrorBody['error']> {
    const { isError, content } = await this.client.callTool({ name, arguments: input });
    expect(isError, JSON.stringify(content)).toBe(true);
    const [first] = content;
    const text = first?.type === 'text' ? first.text : '';
    return (JSON.parse(text) as ErrorBody).error;
  }
}

/** Makes an agent say, once, that it has armed what it is told to. */
export function obey(agent: TestAgent): void {
  const armed = new Set<string>();
  agent.socket.on('message', () => {
    for (const id of agent.told.filter((told) => !armed.has(told))) {
      armed.add(id);
      agent.report(id, {});
    }
  });
}
