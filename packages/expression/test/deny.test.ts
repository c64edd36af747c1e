import { describe, expect, it } from 'vitest';
import { compileGlob } from '../src/deny/glob.ts';

describe('a glob', () => {
  it.each([
    ['src/a.ts', ['src/a.ts'], ['src/a_ts', 'src/a.tsx', 'lib/src/a.ts']],
    ['src/*.ts', ['src/a.ts', 'src/.ts'], ['src/b/a.ts', 'src/a.js']],
    ['src/**', ['src/a.ts', 'src/b/c/a.ts', 'src/'], ['src', 'lib/a.ts']],
    ['**/a.ts', ['a.ts', 'src/a.ts', 'x/y/a.ts'], ['ba.ts', 'src/ba.ts']],
    ['src/**/a.ts', ['src/a.ts', 'src/b/c/a.ts'], ['src/b/ca.ts', 'srca.ts']],
    ['?.ts', ['a.ts', 'ü.ts', '😀.ts'], ['ab.ts', '/.ts']],
    ['a[b]{c}.+^$()|\\', ['a[b]{c}.+^$()|\\'], ['ab']],
    ['*', ['', 'a'], ['a/b']],
    ['**', ['', 'a/b'], []],
  ])('%s', (glob, matching, others) => {
    const matches = compileGlob(glob);
    expect(matching.filter((text) => !matches(text))).toEqual([]);
    expect(others.filter((text) => matches(text))).toEqual([]);
  });

  it('takes no longer the more stars it has', () => {
    const started = performance.now();
    expect(compileGlob('*a'.repeat(100))(`${'a'.repeat(500)}b`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
