const texts = new WeakMap<object, string>();

/** The JSON of what many are shown, written once. */
export function textOf(data: object): string {
  const known = texts.get(data);
  if (known !== undefined) return known;
  const text = JSON.stringify(data);
  texts.set(data, text);
  return text;
}
