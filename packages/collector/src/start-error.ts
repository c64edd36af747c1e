/** Why a collector could not start, for the person who starts it: its message says what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
