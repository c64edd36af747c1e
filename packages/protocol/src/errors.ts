/**
 * Every error that crosses a boundary has one of these codes. The table is the manual: what it means,
 * and which HTTP status carries it. A message says what, where and what to do.
 */
export const ERROR_CODES = {
  UNAUTHENTICATED: { status: 401, summary: 'No token, or one the collector does not know.' },
  FORBIDDEN: { status: 403, summary: 'The token is known and may not do this.' },
  TOO_MANY_ATTEMPTS: { status: 429, summary: 'Too many failed authentications from one address.' },
  TOO_MANY_REQUESTS: { status: 429, summary: 'One caller or address asked more often than it may.' },
  WEAK_PASSWORD: { status: 422, summary: 'A password is too short, or among those that are tried first.' },
  NOT_FOUND: { status: 404, summary: 'No such route, probe or capture.' },
  INVALID_REQUEST: { status: 400, summary: 'The request does not have the documented shape.' },
  BODY_TOO_LARGE: { status: 413, summary: 'The request is larger than the limit.' },
  INVALID_FILE: {
    status: 422,
    summary: 'A file is no export of captures, is damaged, or is of a newer version.',
  },
  UNKNOWN_SERVICE: { status: 404, summary: 'No agent of that service has ever connected.' },
  UNKNOWN_BUILD: {
    status: 404,
    summary: 'No agent runs the build the probe asks for, or its manifest is missing.',
  },
  UNKNOWN_FILE: { status: 404, summary: 'No build of the service has that file.' },
  AMBIGUOUS_FILE: { status: 409, summary: 'Several files end in that path.' },
  UNKNOWN_FUNCTION: { status: 404, summary: 'The file has no such function.' },
  AMBIGUOUS_FUNCTION: { status: 409, summary: 'The file has several functions of that name.' },
  CALLS_NOT_SEEN: {
    status: 422,
    summary: 'The function does not tell of the event that the probe waits for.',
  },
  NO_CODE_AT_LINE: { status: 422, summary: 'The line has no statement to probe.' },
  AMBIGUOUS_LINE: { status: 409, summary: 'Several lines of the file have that text.' },
  SYNTAX_ERROR: { status: 422, summary: 'An expression or template does not parse.' },
  UNSUPPORTED_SYNTAX: { status: 422, summary: 'An expression uses what the language leaves out.' },
  UNKNOWN_VARIABLE: {
    status: 422,
    summary: 'An expression reads a variable that is not in scope at the line.',
  },
  REDACTED_NAME: { status: 422, summary: 'An expression reads a name that redaction protects.' },
  DENIED: { status: 422, summary: 'A deny list says that the file or function may never be probed.' },
  SWITCHED_OFF: { status: 409, summary: 'The kill switch of the service, or of everything, is on.' },
  CONFLICT: { status: 409, summary: 'What was to be changed has changed since it was read.' },
  ENDED: { status: 409, summary: 'What was to be changed has ended.' },
  LIMIT_EXCEEDED: { status: 422, summary: 'A requested limit is above its ceiling.' },
  UNSUPPORTED: { status: 501, summary: 'This collector, as it is run, cannot do that.' },
  PROTOCOL_MISMATCH: { status: 400, summary: 'Agent and collector speak different protocol versions.' },
  INVALID_MESSAGE: { status: 400, summary: 'An agent sent something that is not a protocol message.' },
  INTERNAL: { status: 500, summary: 'A defect of the collector; its log has the details.' },
} as const satisfies Record<string, { status: number; summary: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** The body of every HTTP error. */
export interface ErrorBody {
  readonly error: {
    readonly code: ErrorCode;
    /** What, where and what to do, in one or two sentences. */
    readonly message: string;
    /** Where inside the request: `condition`, `watches[2]`, `location.line`. */
    readonly path?: string;
    /** The expression with a caret under the character, two lines. */
    readonly excerpt?: string;
    /** What the caller may have meant: nearest names, nearest lines. */
    readonly suggestions?: readonly string[];
  };
}
