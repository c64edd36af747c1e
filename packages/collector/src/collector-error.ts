import { ERROR_CODES, type ErrorBody, type ErrorCode } from '@dormouse/protocol';

/** What an error may say besides its code and message, see {@link ErrorBody}. */
export type ErrorDetails = Omit<ErrorBody['error'], 'code' | 'message'>;

/** An error meant for whoever made the request: it crosses the boundary as it is. Any other error stays inside. */
export class CollectorError extends Error {
  override readonly name = 'CollectorError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return ERROR_CODES[this.code].status;
  }

  get body(): ErrorBody {
    return { error: { code: this.code, message: this.message, ...this.details } };
  }
}

/** Too many attempts failed: the next one is looked at after a while. */
export class TooManyAttempts extends CollectorError {
  readonly waitS: number;

  /** @param message with the seconds to wait */
  constructor(waitMs: number, message: (seconds: number) => string) {
    const seconds = Math.ceil(waitMs / 1_000);
    super('TOO_MANY_ATTEMPTS', message(seconds));
    this.waitS = seconds;
  }
}

/** Runs an action on one part of a request, and says so in the path of its errors. */
export function within<Result>(part: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof CollectorError) || error.details.path === undefined) throw error;
    const { code, message, details } = error;
    throw new CollectorError(code, message, { ...details, path: `${part}.${details.path}` });
  }
}
