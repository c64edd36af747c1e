import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A network between agents and collectors that can be disturbed. */
export interface Proxy {
  readonly url: string;
  /** Ends every connection at once. */
  drop(): void;
  /** Lets nothing through for so long, of connections that are there or that come, ms. */
  stall(ms: number): Promise<void>;
  /** Ends every connection on one side only. */
  halfClose(side: 'agent' | 'collector'): void;
  close(): Promise<void>;
}

interface Connection {
  readonly agent: Socket;
  readonly collector: Socket;
}

/** @param target the port that a new connection leads to; none refuses it */
export async function openProxy(target: () => number | undefined): Promise<Proxy> {
  const connections = new Set<Connection>();
  let isStalled = false;

  const join = ({ agent, collector }: Connection): void => {
    agent.pipe(collector);
    collector.pipe(agent);
  };
  const part = ({ agent, collector }: Connection): void => {
    agent.unpipe(collector).pause();
    collector.unpipe(agent).pause();
  };
  const server = createServer({ allowHalfOpen: true }, (agent) => {
    const port = target();
    if (port === undefined) return void agent.destroy();
    const collector = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const connection = { agent, collector };
    connections.add(connection);
    for (const [socket, other] of [
      [agent, collector],
      [collector, agent],
    ] as const) {
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        other.destroy();
        connections.delete(connection);
      });
    }
    if (!isStalled) join(connection);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const drop = (): void => {
    for (const { agent, collector } of connections) {
      agent.resetAndDestroy();
      collector.resetAndDestroy();
    }
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    drop,
    async stall(ms) {
      isStalled = true;
      connections.forEach(part);
      await new Promise((resolve) => setTimeout(resolve, ms));
      isStalled = false;
      connections.forEach(join);
    },
    halfClose(side) {
      for (const connection of connections) connection[side].end();
    },
    async close() {
      server.close();
      drop();
      await once(server, 'close');
    },
  };
}
