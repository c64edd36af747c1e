import type { FastifyBaseLogger, FastifyServerOptions } from 'fastify';

/**
 * The collector's log: lines of JSON. Neither tokens nor captured values are ever given to it, and what slips through in
 * the text of an error is taken out. Every line has
 *
 * - `time`, ISO 8601 in UTC; `level`, by name; `msg`, words that stay the same for the same happening; `pid`, `hostname`;
 *
 * and where they apply `service`, `instance`, `probe`, `buildId`, `address`, `route`, `err` {`type`, `code`, `message`, `stack`}.
 */
export type Log = FastifyBaseLogger;

/** How pino writes them. @param level one of its levels, or `silent` */
export const logOptions = (level: string): NonNullable<FastifyServerOptions['logger']> => ({
  level,
  // Standard output belongs to what a person or a script asked for.
  stream: { write: (line: string) => process.stderr.write(line) },
  formatters: { level: (label: string) => ({ level: label }) },
  timestamp: () => `,"time":"${new Date().toISOString()}"`,
  serializers: { err: describeError },
  hooks: { streamWrite: withoutSecrets },
});

/** Errors of a database have the values of the row that it refused among their other properties. */
function describeError({ name, code, message, stack = '', cause }: NodeJS.ErrnoException): DescribedError {
  return {
    type: name,
    ...(code !== undefined && { code }),
    message,
    stack,
    ...(cause instanceof Error && { cause: describeError(cause) }),
  };
}

type DescribedError = {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  readonly stack: string;
  readonly cause?: DescribedError;
};

const TOKEN = /\b(dm[a-z]_)[0-9A-Za-z]{8,}/g;
const PASSWORD_IN_URL = /(:\/\/[^\s:/@"]*:)[^\s/@"]+@/g;

/** A line without tokens of ours and passwords of URLs. */
export const withoutSecrets = (line: string): string =>
  line.replace(TOKEN, '$1…').replace(PASSWORD_IN_URL, '$1…@');
