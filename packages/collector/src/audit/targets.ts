const MOST_TARGETS = 20;
const MOST_CHARACTERS = 256;

/** Parts of requests that say what something is done to. */
const NAMED = ['id', 'ids', 'probe', 'service', 'instance', 'group', 'place', 'user', 'name'] as const;

/** Ids and names of what an operation was about: those of its path, of its query and body, and of what it made. */
export function targetsOf(request: {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly answer?: unknown;
}): string[] {
  const named = [request.query, request.body].flatMap((part) => NAMED.map((name) => memberOf(part, name)));
  const found = [Object.values(request.params ?? {}), idsIn(request.answer), named].flat(3);
  const texts = found.filter((target) => typeof target === 'string' && target !== '') as string[];
  return [...new Set(texts.map(onOneLine))].slice(0, MOST_TARGETS);
}

/** The id of what is answered, or of its parts: a token beside its secret. */
function idsIn(answer: unknown): unknown[] {
  const parts = typeof answer === 'object' && answer !== null ? Object.values(answer) : [];
  return [answer, ...parts].map((part) => memberOf(part, 'id'));
}

function memberOf(part: unknown, name: string): unknown {
  if (typeof part !== 'object' || part === null || !Object.hasOwn(part, name)) return undefined;
  return (part as Record<string, unknown>)[name];
}

function onOneLine(text: string): string {
  return text.slice(0, MOST_CHARACTERS).replaceAll(/\p{Cc}/gu, '�');
}
