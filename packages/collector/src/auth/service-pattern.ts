/** Whether a service is among those that patterns mean; `*` stands for any text, and no pattern means all. */
export function matchesService(patterns: readonly string[], service: string): boolean {
  return patterns.length === 0 || patterns.some((pattern) => matches(pattern, service));
}

function matches(pattern: string, service: string): boolean {
  const [start = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === service;
  const end = rest.pop()!;
  if (!service.startsWith(start) || !service.endsWith(end)) return false;
  let from = start.length;
  for (const part of rest) {
    const found = service.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return from <= service.length - end.length;
}
