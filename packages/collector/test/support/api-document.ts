import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'vitest';

interface Schema {
  readonly [keyword: string]: unknown;
}

interface Route {
  readonly operationId: string;
  readonly security?: readonly object[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Route>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface DescribedRoute {
  readonly id: string;
  readonly method: string;
  /** With `{name}` for parameters. */
  readonly path: string;
  readonly isOpen: boolean;
}

/** What came back over HTTP. */
export interface RawAnswer {
  readonly status: number;
  readonly type: string | null | undefined;
  readonly text: string;
}

const WHERE_SCHEMAS_ARE = '#/components/schemas/';

/** The OpenAPI document, held against what is really answered. */
export class ApiDocument {
  readonly routes: readonly DescribedRoute[];
  /** Successes that were met, by the name of their operation. */
  readonly succeeded = new Set<string>();
  readonly #paths: OpenApi['paths'];
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false, validateSchema: false });
  readonly #compiled = new Map<Schema, ValidateFunction>();

  constructor(document: unknown) {
    // Under names of their own schemas are compiled once, whoever refers to them.
    const named = JSON.stringify(document).replaceAll(`"$ref":"${WHERE_SCHEMAS_ARE}`, '"$ref":"');
    const { paths, components } = JSON.parse(named) as OpenApi;
    for (const [name, schema] of Object.entries(components.schemas)) this.#ajv.addSchema(schema, name);
    this.#paths = paths;
    this.routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId, security }]) => ({
        id: operationId,
        method: method.toUpperCase(),
        path,
        isOpen: security?.length === 0,
      })),
    );
  }

  /** Its status, its type and its content have to be as they are described. */
  expectDescribed(method: string, url: string, { status, type, text }: RawAnswer): void {
    const route = this.#find(method, url.split('?', 1)[0]!);
    const what = `${method} ${url} → ${status} ${text.slice(0, 500)}`;
    expect(Object.keys(route.responses), what).toContain(String(status));
    const content = route.responses[status]?.content;
    const isOnward = status >= 300 && status < 400;
    if (content !== undefined && !isOnward) {
      const [essence = ''] = (type ?? '').split(';');
      expect(Object.keys(content), what).toContain(essence);
      if (essence === 'application/json') this.#expectValid(content[essence]!.schema, text, what);
    }
    if (status < 400) this.succeeded.add(route.operationId);
  }

  #expectValid(schema: Schema, text: string, what: string): void {
    const validate = this.#compiled.get(schema) ?? this.#ajv.compile(schema);
    this.#compiled.set(schema, validate);
    validate(JSON.parse(text));
    expect(validate.errors ?? [], what).toEqual([]);
  }

  /** Of several that fit, the one that says most of it in words. */
  #find(method: string, path: string): Route {
    const segments = path.split('/');
    const fits = (template: string): boolean => {
      const parts = template.split('/');
      return (
        parts.length === segments.length &&
        parts.every((part, index) => part.startsWith('{') || part === segments[index])
      );
    };
    const [best] = Object.keys(this.#paths)
      .filter((template) => fits(template) && method.toLowerCase() in this.#paths[template]!)
      .toSorted((one, other) => one.split('{').length - other.split('{').length);
    if (best === undefined) throw new Error(`${method} ${path} is not described.`);
    return this.#paths[best]![method.toLowerCase()]!;
  }
}
