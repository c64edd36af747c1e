import { styleFor, type Style } from '../render/style.js';

/** Where text goes, and how it may look there. */
export interface Screen {
  readonly style: Style;
  /** Whether it can {@link draw}: files and pipes cannot. */
  readonly isTerminal: boolean;
  /** Writes the text and a line break. Foreign parts of it must be safe already. */
  print(text: string): void;
  /** Writes a text that whatever is written here next takes the place of; lines that the terminal has no room for are left out. */
  draw(text: string): void;
  /** Takes away what was drawn, before something is written elsewhere. */
  erase(): void;
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
  let drawn = 0;
  const eraser = (): string => {
    const text = drawn === 0 ? '' : upBy(drawn) + CLEAR_BELOW;
    drawn = 0;
    return text;
  };
  return {
    style: styleFor(stream),
    isTerminal: stream.isTTY,
    print: (text) => {
      stream.write(`${eraser()}${text}\n`);
    },
    draw(text) {
      // Some terminals do not say how large they are.
      const room = stream.rows > 1 ? stream.rows - 1 : Infinity;
      const lines = text.split('\n').slice(0, room);
      stream.write(`${eraser()}${lines.join('\n')}\n`);
      drawn = lines.length;
    },
    erase() {
      stream.write(eraser());
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
