import { styleFor, type Style } from '../render/style.js';

/** Where text goes, and how it may look there. */
export interface Screen {
  readonly style: Style;
  /** Writes the text and a line break. Foreign parts of it must be safe already. */
  print(text: string): void;
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
  return {
    style: styleFor(stream),
    print: (text) => {
      stream.write(`${text}\n`);
    },
  };
}

/** `dormouse captures | head` closes our output early; that is no error. */
function leaveQuietlyWhenReaderIsGone(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}
