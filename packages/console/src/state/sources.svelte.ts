import type { Api } from '../api/api.js';

/** Where a text is from: the build published it, or a folder was opened in this browser. */
export type TextOrigin = 'published' | 'folder';

export interface SourceText {
  readonly text: string;
  readonly origin: TextOrigin;
}

/** Texts of source files. Those of a folder never leave this browser. */
export class Sources {
  /** Name of the folder that was opened here. */
  folder: string | undefined = $state();
  readonly #api: Api;
  #files: ReadonlyMap<string, File> = new Map();

  constructor(api: Api) {
    this.#api = api;
  }

  /** @param files of a folder, as the browser hands them over */
  open(files: Iterable<File>): void {
    const byPath = new Map([...files].filter(isSource).map((file) => [pathInFolder(file), file]));
    this.#files = byPath;
    this.folder = [...byPath.values()][0]?.webkitRelativePath.split('/', 1)[0];
  }

  /** @param isPublished whether the collector has it */
  async textOf(
    where: { readonly service: string; readonly file: string; readonly buildId: string },
    isPublished: boolean,
  ): Promise<SourceText | undefined> {
    if (isPublished) return { text: (await this.#api.source(where)).text, origin: 'published' };
    const file = this.#find(where.file);
    return file && { text: await file.text(), origin: 'folder' };
  }

  /** The project may be the folder, in it, or around it. */
  #find(path: string): File | undefined {
    const exact = this.#files.get(path);
    if (exact !== undefined) return exact;
    const similar = [...this.#files].find(([known]) => endsIn(known, path) || endsIn(path, known));
    return similar?.[1];
  }
}

const isSource = ({ webkitRelativePath: path }: File): boolean =>
  /\.[cm]?[jt]sx?$/.test(path) && !path.includes('/node_modules/');

const pathInFolder = ({ webkitRelativePath: path }: File): string => path.slice(path.indexOf('/') + 1);

const endsIn = (path: string, end: string): boolean => path.endsWith(`/${end}`);
