/** A file of a folder that was opened in this browser. */
export interface FolderFile {
  /** Below the folder, with `/`. */
  readonly path: string;
  /** As it is now. */
  read(): Promise<string>;
}

export interface Folder {
  readonly name: string;
  readonly files: readonly FolderFile[];
}

/** What the browser gives for a folder that somebody chose; not all of them have it. */
type DirectoryPicker = (options: { id: string; mode: 'read' }) => Promise<FileSystemDirectoryHandle>;

/** Nobody debugs these, and they are many. */
const IGNORED: ReadonlySet<string> = new Set(['node_modules', '.git', 'dist', 'build', 'coverage']);

const isSource = (path: string): boolean => /\.[cm]?[jt]sx?$/.test(path);

export const canPickFolder = (): boolean => 'showDirectoryPicker' in window;

/** Lets somebody choose a folder, which is read when it is needed. @returns nothing where nobody did */
export async function pickFolder(): Promise<Folder | undefined> {
  const pick = (window as unknown as { showDirectoryPicker: DirectoryPicker }).showDirectoryPicker;
  try {
    const handle = await pick({ id: 'dormouse', mode: 'read' });
    return { name: handle.name, files: await filesIn(handle, '') };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined;
    throw error;
  }
}

async function filesIn(folder: FileSystemDirectoryHandle, path: string): Promise<FolderFile[]> {
  const found: FolderFile[] = [];
  for await (const handle of folder.values()) {
    const at = `${path}${handle.name}`;
    if (handle.kind === 'file' && isSource(at))
      found.push({ path: at, read: async () => (await (handle as FileSystemFileHandle).getFile()).text() });
    else if (handle.kind === 'directory' && !IGNORED.has(handle.name))
      found.push(...(await filesIn(handle as FileSystemDirectoryHandle, `${at}/`)));
  }
  return found;
}

/** The same of an input that takes folders. */
export function folderOf(files: Iterable<File>): Folder | undefined {
  const known = [...files].filter(({ webkitRelativePath: path }) => isSource(path) && !isIgnored(path));
  const [first] = files;
  if (first === undefined) return undefined;
  return {
    name: first.webkitRelativePath.split('/', 1)[0] ?? '',
    files: known.map((file) => ({ path: pathInFolder(file), read: () => file.text() })),
  };
}

const pathInFolder = ({ webkitRelativePath: path }: File): string => path.slice(path.indexOf('/') + 1);

const isIgnored = (path: string): boolean =>
  path
    .split('/')
    .slice(1, -1)
    .some((name) => IGNORED.has(name));
