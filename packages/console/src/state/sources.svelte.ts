/** Text of source files. None of it leaves this browser. */
export class Sources {
  /** Name of the folder that was opened here. */
  folder: string | undefined = $state();
  #files: ReadonlyMap<string, File> = new Map();

  /** @param files of a folder, as the browser hands them over */
  open(files: Iterable<File>): void {
    const byPath = new Map([...files].filter(isSource).map((file) => [pathInFolder(file), file]));
    this.#files = byPath;
    this.folder = [...byPath.values()][0]?.webkitRelativePath.split('/', 1)[0];
  }

  /** @param path of the original source, relative to its project */
  async textOf(path: string): Promise<string | undefined> {
    return await this.#find(path)?.text();
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
