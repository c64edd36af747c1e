import type { WeaveProgress } from '@dormouse/transformer';

import { styleFor } from './style.js';
import { escapeUnsafe, shorten } from './text.js';

/** In ms. A terminal shows one line that changes; a log gets a line now and then. */
const TERMINAL_EVERY = 100;
const LOG_EVERY = 5_000;

const CLEAR_LINE = '\r\u001b[K';

export interface ProgressLine {
  /** Takes what {@link WeaveProgress} tells; the first moments of each work stay silent. */
  readonly show: (progress: WeaveProgress) => void;
  /** Clears the line, so that something else can be printed. */
  readonly clear: () => void;
}

/** How far weaving is, on `stream`. */
export function progressLine(stream: NodeJS.WriteStream, now: () => number = Date.now): ProgressLine {
  const { width } = styleFor(stream);
  const every = stream.isTTY ? TERMINAL_EVERY : LOG_EVERY;
  let last = 0;
  let isShown = false;
  return {
    show({ done, total, path }) {
      if (done === 1) last = now();
      if (now() - last < every) return;
      last = now();
      const text = `weaving ${done} of ${total}: ${escapeUnsafe(path)}`;
      stream.write(stream.isTTY ? CLEAR_LINE + shorten(text, width - 1) : `${text}\n`);
      isShown = stream.isTTY;
    },
    clear() {
      if (isShown) stream.write(CLEAR_LINE);
      isShown = false;
    },
  };
}
