/** The parts of an OpenAPI document that are read here. */
interface WithSchemas {
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> };
}

const PREFIX = '#/components/schemas/';

/**
 * Every schema is generated twice, as `X` for answers and as `XInput` for requests. Keeps those that
 * something refers to, and drops the suffix where the other one is gone.
 */
export function keepUsedSchemas<OpenApi extends object>(document: OpenApi): OpenApi {
  const { schemas = {}, ...components } = (document as WithSchemas).components ?? {};
  const used = reachable(references({ ...document, components }), schemas);
  const rename = (name: string): string => {
    const short = name.replace(/Input$/, '');
    return used.has(short) ? name : short;
  };
  const kept = Object.fromEntries(
    Object.entries(schemas)
      .filter(([name]) => used.has(name))
      .map(([name, schema]) => [rename(name), schema]),
  );
  return JSON.parse(
    JSON.stringify({ ...document, components: { ...components, schemas: kept } }),
    (key, value: unknown) =>
      key === '$ref' && typeof value === 'string' && value.startsWith(PREFIX)
        ? PREFIX + rename(value.slice(PREFIX.length))
        : value,
  ) as OpenApi;
}

/** The names and everything that their schemas refer to. */
function reachable(names: readonly string[], schemas: Readonly<Record<string, unknown>>): Set<string> {
  const found = new Set<string>();
  const pending = [...names];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    pending.push(...references(schemas[name]));
  }
  return found;
}

function references(value: unknown): string[] {
  const matches = JSON.stringify(value ?? null).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
  return Array.from(matches, ([, name]) => name!);
}
