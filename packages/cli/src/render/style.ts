import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** How text is put on one output. */
export interface Style {
  readonly colors: Colors;
  /** Columns of the terminal; `Infinity` for files and pipes, where nothing is shortened or wrapped. */
  readonly width: number;
}

/** For files, pipes and tests: no colours, lines as long as they are. */
export const plainStyle: Style = { colors: picocolors.createColors(false), width: Infinity };

/** What {@link styleFor} needs to know about an output; `process.stdout` is one. */
export interface OutputTraits {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Colours and width for an output, honouring `NO_COLOR`, `FORCE_COLOR` and `TERM=dumb`. */
export function styleFor(output: OutputTraits, environment: NodeJS.ProcessEnv = process.env): Style {
  const isTerminal = output.isTTY === true;
  return {
    colors: picocolors.createColors(wantsColors(isTerminal, environment)),
    width: isTerminal ? (output.columns ?? 80) : Infinity,
  };
}

function wantsColors(isTerminal: boolean, environment: NodeJS.ProcessEnv): boolean {
  if (environment['NO_COLOR']) return false;
  if (environment['FORCE_COLOR']) return environment['FORCE_COLOR'] !== '0';
  return isTerminal && environment['TERM'] !== 'dumb';
}
