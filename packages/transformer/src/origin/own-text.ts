import type { ts } from '../1-parse/typescript.js';
import type { Origin } from './origin.js';
import { sha256 } from './sha256.js';

/** The origin of text that has no source map: itself, at `path`. */
export function ownText(file: ts.SourceFile, path: string): Origin {
  return {
    sources: [{ path, hash: sha256(file.text) }],
    texts: [file.text],
    isOriginal: () => true,
    originalName: (name) => name,
    placeOf(offset) {
      const { line, character } = file.getLineAndCharacterOfPosition(offset);
      return { source: 0, line: line + 1, column: character + 1 };
    },
  };
}
