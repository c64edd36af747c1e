import type { FastifyInstance } from 'fastify';

/**
 * Starts a service on `HOST` (default 127.0.0.1) and `PORT` (default 0: any free one), prints
 * `{"url":…}` on stdout once it answers, and closes it on SIGTERM or SIGINT.
 */
export async function listen(app: FastifyInstance): Promise<void> {
  const host = process.env['HOST'] ?? '127.0.0.1';
  const port = Number(process.env['PORT'] ?? 0);
  const url = await app.listen({ host, port });
  process.stdout.write(`${JSON.stringify({ url })}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      void app.close();
    });
  }
}

/** Logs go to stderr, because stdout carries the one line with the address. `LOG_LEVEL`: default `info`. */
export const logger = { level: process.env['LOG_LEVEL'] ?? 'info', stream: process.stderr };
