/** A folder or a file of a build's sources. */
export interface TreeNode {
  /** Folders with nothing but one folder in them are one: `src/trades`. */
  readonly name: string;
  /** Whole path. */
  readonly path: string;
  /** Of folders. */
  readonly children: readonly TreeNode[] | undefined;
}

/** Folders first, then files, each by name. */
export function treeOf(paths: readonly string[]): readonly TreeNode[] {
  return level(
    paths.map((path) => ({ path, rest: path })),
    '',
  );
}

interface Remaining {
  readonly path: string;
  /** What of the path lies below the folder. */
  readonly rest: string;
}

function level(files: readonly Remaining[], folder: string): TreeNode[] {
  const groups = Map.groupBy(files, ({ rest }) =>
    rest.includes('/') ? rest.slice(0, rest.indexOf('/')) : '',
  );
  const leaves = (groups.get('') ?? []).map(({ path, rest }) => ({ name: rest, path, children: undefined }));
  groups.delete('');
  const folders = [...groups].map(([name, below]) =>
    folded({
      name,
      path: `${folder}${name}`,
      children: level(
        below.map(({ path, rest }) => ({ path, rest: rest.slice(name.length + 1) })),
        `${folder}${name}/`,
      ),
    }),
  );
  return [...folders.sort(byName), ...leaves.sort(byName)];
}

const byName = (a: TreeNode, b: TreeNode): number => a.name.localeCompare(b.name);

function folded(node: TreeNode): TreeNode {
  const [only, second] = node.children ?? [];
  if (only?.children === undefined || second !== undefined) return node;
  return { ...only, name: `${node.name}/${only.name}` };
}

/** A row of the tree as it is unfolded now. */
export interface TreeRow {
  readonly node: TreeNode;
  /** From 1. */
  readonly level: number;
  readonly parent: string | undefined;
}

/** @param closed paths of folders */
export function rowsOf(
  nodes: readonly TreeNode[],
  closed: ReadonlySet<string>,
  parent?: string,
  depth = 1,
): TreeRow[] {
  return nodes.flatMap((node) => [
    { node, level: depth, parent },
    ...(node.children === undefined || closed.has(node.path)
      ? []
      : rowsOf(node.children, closed, node.path, depth + 1)),
  ]);
}
