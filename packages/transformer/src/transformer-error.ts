/** What can go wrong before anything is woven. */
export type TransformerErrorCode = 'MANIFEST_VERSION' | 'NO_FILES' | 'NO_MANIFEST' | 'NO_TYPESCRIPT';

/** The only error this package throws on purpose; its message says what to do. */
export class TransformerError extends Error {
  override readonly name = 'TransformerError';
  readonly code: TransformerErrorCode;

  constructor(code: TransformerErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
