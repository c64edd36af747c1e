import type { FileView, SourceLineView } from '@dormouse/protocol';
import type { Api } from '../api/api.js';
import type { Folder, FolderFile } from './folder.js';

/** Where a text is from: the build published it, or a folder was opened in this browser. */
export type TextOrigin = 'published' | 'folder';

export interface SourceText {
  readonly text: string;
  readonly origin: TextOrigin;
  /** It is not the text that was woven: lines may be elsewhere. */
  readonly isOther: boolean;
}

/** Texts of source files. Those of a folder never leave this browser. */
export class Sources {
  /** Name of the folder that was opened here. */
  folder: string | undefined = $state();
  readonly #api: Api;
  #files: ReadonlyMap<string, FolderFile> = new Map();
  /** By paths of the build. */
  readonly #found = new Map<string, FolderFile | undefined>();

  constructor(api: Api) {
    this.#api = api;
  }

  open({ name, files }: Folder): void {
    this.#files = new Map(files.map((file) => [file.path, file]));
    this.#found.clear();
    this.folder = name;
  }

  async textOf(
    where: { readonly service: string; readonly buildId: string },
    { file: path, published, hash }: Pick<FileView, 'file' | 'published' | 'hash'>,
  ): Promise<SourceText | undefined> {
    if (published) {
      const { text } = await this.#api.source({ ...where, file: path });
      return { text, origin: 'published', isOther: false };
    }
    const text = await this.#find(path)?.read();
    return text === undefined
      ? undefined
      : { text, origin: 'folder', isOther: hash !== undefined && (await isOther(text, hash)) };
  }

  /**
   * Lines of the folder's files that have a text, in any case.
   * @param paths of the files that count
   * @param isWanted whether anybody still waits for it
   */
  async search(
    paths: readonly string[],
    text: string,
    limit: number,
    isWanted: () => boolean,
  ): Promise<readonly SourceLineView[]> {
    const wanted = text.toLowerCase();
    const lines: SourceLineView[] = [];
    for (const file of paths) {
      if (lines.length >= limit || !isWanted()) break;
      const source = (await this.#find(file)?.read()) ?? '';
      for (const [index, line] of source.split(/\r\n|\n/).entries()) {
        const at = line.toLowerCase().indexOf(wanted);
        if (at >= 0) lines.push({ file, line: index + 1, column: at + 1, text: line });
      }
    }
    return lines.slice(0, limit);
  }

  #find(path: string): FolderFile | undefined {
    if (!this.#found.has(path)) this.#found.set(path, this.#lookUp(path));
    return this.#found.get(path);
  }

  /** The project may be the folder, in it, or around it. */
  #lookUp(path: string): FolderFile | undefined {
    const exact = this.#files.get(path);
    if (exact !== undefined) return exact;
    const similar = [...this.#files].find(([known]) => endsIn(known, path) || endsIn(path, known));
    return similar?.[1];
  }
}

/** Browsers know hashes only where the page came safely: elsewhere nobody can tell. */
async function isOther(text: string, hash: string): Promise<boolean> {
  if (!isSecureContext) return false;
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return new Uint8Array(digest).reduce((hex, byte) => hex + byte.toString(16).padStart(2, '0'), '') !== hash;
}

const endsIn = (path: string, end: string): boolean => path.endsWith(`/${end}`);
