import { styleFor, type Style } from '../render/style.js';

/** Where text goes, and how it may look there. */
export interface Screen {
  readonly style: Style;
  /** Whether a person may be looking: only then can text be replaced. */
  readonly isTerminal: boolean;
  /** Writes the text and a line break. Foreign parts of it must be safe already. */
  print(text: string): void;
  /** Writes the text in the place of what was last written so, which must be the last on a terminal. */
  replace(text: string): void;
}

/** Results go to `out`; progress, hints and errors to `err`. */
export interface Terminal {
  readonly out: Screen;
  readonly err: Screen;
}

export function processTerminal(): Terminal {
  leaveQuietlyWhenReaderIsGone(process.stdout);
  return { out: screenOf(process.stdout), err: screenOf(process.stderr) };
}

function screenOf(stream: NodeJS.WriteStream): Screen {
  let replaceable = 0;
  const print = (text: string): void => {
    stream.write(`${text}\n`);
    replaceable = 0;
  };
  return {
    style: styleFor(stream),
    isTerminal: stream.isTTY,
    print,
    replace(text) {
      const lines = text.split('\n').length;
      print(replaceable === 0 ? text : `${upBy(replaceable)}${CLEAR_BELOW}${text}`);
      replaceable = lines;
    },
  };
}

const CLEAR_BELOW = '\r\u001b[J';
const upBy = (lines: number): string => `\u001b[${lines}A`;

/** `dormouse captures | head` closes our output early; that is no error. */
function leaveQuietlyWhenReaderIsGone(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}
