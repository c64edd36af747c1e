/** What the text around allows, and which names it has declared. */
export interface Context {
  readonly variables: readonly string[];
  readonly functions: readonly string[];
  readonly labels: readonly Label[];
  readonly breakable: boolean;
  readonly loop: boolean;
  readonly return: boolean;
  readonly await: boolean;
  readonly yield: boolean;
  readonly arguments: boolean;
  readonly newTarget: boolean;
  readonly super: boolean;
  readonly strict: boolean;
  readonly depth: number;
}

export interface Label {
  readonly name: string;
  readonly loop: boolean;
}

/** What a statement adds to the names of those after it. */
export interface Declared {
  readonly variables?: readonly string[];
  readonly functions?: readonly string[];
}

export type FunctionKind =
  | 'function'
  | 'async function'
  | 'function*'
  | 'async function*'
  | 'method'
  | 'async method'
  | '*method'
  | 'async *method';

export function deeper(context: Context): Context {
  return { ...context, depth: context.depth + 1 };
}

export function declaring(context: Context, { variables = [], functions = [] }: Declared): Context {
  return {
    ...context,
    variables: [...context.variables, ...variables],
    functions: [...context.functions, ...functions],
  };
}

/** Jumps end at a function's edge, and so do `await` and `yield`. */
function withoutJumps(context: Context): Context {
  return { ...deeper(context), labels: [], breakable: false, loop: false, await: false, yield: false };
}

/** Inside a function or method with a `this` of its own. */
export function insideFunction(context: Context, kind: FunctionKind): Context {
  return {
    ...withoutJumps(context),
    return: true,
    await: kind.startsWith('async'),
    yield: kind.includes('*'),
    arguments: true,
    newTarget: true,
    super: kind.endsWith('method'),
  };
}

/** Inside an arrow function: `this`, `arguments`, `super` and `new.target` are those around it. */
export function insideArrow(context: Context, { async }: { readonly async: boolean }): Context {
  return { ...withoutJumps(context), return: true, await: async };
}

/** Inside a field's initialiser or a static block. */
export function insideClass(context: Context): Context {
  return {
    ...withoutJumps(context),
    return: false,
    arguments: false,
    newTarget: true,
    super: true,
    strict: true,
  };
}
