import type { ErrorBody, ErrorCode } from '@dormouse/protocol';

import type { ErrorReport } from './render/error.js';

/** What a command ends with; scripts may rely on it. */
export const EXIT = { ok: 0, failure: 1, usage: 2 } as const;

export type ExitCode = number;

/** A failure that is told to the user as it is; everything else that is thrown is a defect of ours. */
export abstract class Failure extends Error implements ErrorReport {
  abstract readonly exitCode: ExitCode;
  abstract readonly error: ErrorReport['error'];
}

/** The command line makes no sense. */
export class UsageError extends Failure {
  readonly exitCode = EXIT.usage;
  readonly error: ErrorReport['error'];

  constructor(message: string, suggestions: readonly string[] = []) {
    super(message);
    this.error = { code: 'USAGE', message, suggestions };
  }
}

/** The collector answered with an error. */
export class CollectorError extends Failure {
  readonly exitCode = EXIT.failure;
  readonly error: ErrorBody['error'];

  constructor({ error }: ErrorBody) {
    super(error.message);
    this.error = error;
  }

  has(code: ErrorCode): boolean {
    return this.error.code === code;
  }
}

/** Something between us and an answer did not work. */
export class OperationFailed extends Failure {
  readonly exitCode = EXIT.failure;
  readonly error: ErrorReport['error'];

  constructor(code: string, message: string, suggestions: readonly string[] = []) {
    super(message);
    this.error = { code, message, suggestions };
  }
}
