/** What a test says about itself, in the YAML between the marks `---`. */

/**
 * @param {string} code
 * @returns {{ flags: Set<string>, includes: string[], features: string[], negative?: { phase: string, type: string } }}
 */
export function frontMatter(code) {
  const yaml = /\/\*---([^]*?)---\*\//.exec(code)?.[1] ?? '';
  const negative = /^negative:\s*\n\s+phase:\s*(\w+)\s*\n\s+type:\s*(\w+)/m.exec(yaml);
  return {
    flags: new Set(list(yaml, 'flags')),
    includes: list(yaml, 'includes'),
    features: list(yaml, 'features'),
    ...(negative && { negative: { phase: negative[1], type: negative[2] } }),
  };
}

/** `key: [a, b]`, or one `- a` a line. */
function list(yaml, key) {
  const inline = new RegExp(`^${key}:\\s*\\[([^\\]]*)\\]`, 'm').exec(yaml);
  if (inline)
    return inline[1]
      .split(',')
      .map((word) => word.trim())
      .filter(Boolean);
  const block = new RegExp(`^${key}:\\s*\\n((?:[ \\t]*-.*\\n?)+)`, 'm').exec(yaml);
  return block
    ? block[1]
        .split('\n')
        .map((line) => line.replace(/^\s*-\s*/, '').trim())
        .filter(Boolean)
    : [];
}
