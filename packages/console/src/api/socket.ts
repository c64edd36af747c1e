/** The messages of a WebSocket until it is closed; undefined where none can be opened. The signal closes it. */
export function openSocket(url: string, signal: AbortSignal): Promise<AsyncIterable<string> | undefined> {
  const socket = new WebSocket(url);
  const messages = messagesOf(socket);
  signal.addEventListener('abort', () => socket.close(), { once: true });
  return new Promise((resolve) => {
    socket.addEventListener('open', () => resolve(messages));
    socket.addEventListener('close', () => resolve(undefined));
  });
}

/** What arrives before it is read is not lost. */
function messagesOf(socket: WebSocket): AsyncIterable<string> {
  const arrived: string[] = [];
  let wake = (): void => {};
  socket.addEventListener('message', ({ data }) => {
    arrived.push(String(data));
    wake();
  });
  socket.addEventListener('close', () => wake());
  return {
    async *[Symbol.asyncIterator]() {
      try {
        for (;;) {
          yield* arrived.splice(0);
          if (arrived.length > 0) continue;
          if (socket.readyState === WebSocket.CLOSED) return;
          await new Promise<void>((resolve) => (wake = resolve));
        }
      } finally {
        socket.close();
      }
    },
  };
}
