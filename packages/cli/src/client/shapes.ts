/** Tells an answer of a collector from that of another server, which may say 200 and JSON to everything. */
export type Shape = (body: unknown) => boolean;

export const hasId: Shape = (body) => typeof members(body)['id'] === 'string';

export const hasCapture: Shape = (body) => typeof members(body)['capture'] === 'string';

export const hasInstance: Shape = (body) => typeof members(body)['instance'] === 'string';

export const hasName: Shape = (body) => typeof members(body)['name'] === 'string';

export const hasProbe: Shape = (body) => hasId(members(body)['probe']);

export function hasList(name: string): Shape {
  return (body) => Array.isArray(members(body)[name]);
}

export function hasObject(name: string): Shape {
  return (body) => typeof members(body)[name] === 'object';
}

export function hasText(name: string): Shape {
  return (body) => typeof members(body)[name] === 'string';
}

function members(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}
