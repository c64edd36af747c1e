import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, PatternError } from '../src/pattern/pattern.ts';

const CASES = Number(process.env['DORMOUSE_CASES'] ?? 3_000);

const free = (): void => undefined;

/** Regular expressions over a few characters: the more they collide, the more their order of trial matters. */
const sources = fc.letrec<{ choice: string }>((tie) => {
  const atom = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom('a', 'b', 'c', '.', '1', ' ', '_', 'é', 'ſ', '\\n', '\\x41', '\\u0062'),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom('\\d', '\\w', '\\s', '\\W', '[ab]', '[^a]', '[a-c]', '[\\d-]', '[^]'),
    },
    { weight: 2, arbitrary: tie('choice').map((inner) => `(${inner})`) },
    { weight: 1, arbitrary: tie('choice').map((inner) => `(?:${inner})`) },
  );
  const quantifier = fc.constantFrom(
    '',
    '',
    '',
    '*',
    '+',
    '?',
    '{2}',
    '{1,2}',
    '{0,2}',
    '{2,}',
    '*?',
    '+?',
    '??',
  );
  const assertion = fc.constantFrom('\\b', '\\B', '^', '$');
  const term = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(atom, quantifier).map((both) => both.join('')) },
    { weight: 1, arbitrary: assertion },
  );
  const sequence = fc.array(term, { maxLength: 3 }).map((terms) => terms.join(''));
  return { choice: fc.array(sequence, { minLength: 1, maxLength: 2 }).map((options) => options.join('|')) };
}).choice;

const texts = fc
  .array(fc.constantFrom('a', 'b', 'c', 'A', '1', ' ', '_', '\n', 'é', 'É', 's', '\u2028'), { maxLength: 12 })
  .map((characters) => characters.join(''));

describe('compilePattern', () => {
  it("matches what JavaScript's own regular expressions match, groups included", () => {
    let refused = 0;
    const some = fc.tuple(
      sources,
      fc.subarray(['i', 'm', 's']),
      fc.array(texts, { minLength: 4, maxLength: 4 }),
    );
    fc.assert(
      fc.property(some, ([source, flagList, someTexts]) => {
        const flags = flagList.join('');
        const pattern = compiledOrRefused(source, flags);
        if (pattern === undefined) {
          refused++;
          return;
        }
        const native = new RegExp(source, flags);
        for (const text of someTexts) {
          const wanted = native.exec(text);
          expect(pattern.test(text, free)).toBe(wanted !== null);
          const found = pattern.find(text, 0, free);
          expect(found?.start).toBe(wanted?.index);
          expect(found?.texts).toEqual(wanted ? [...wanted] : undefined);
        }
      }),
      { numRuns: CASES },
    );
    expect(refused).toBeLessThan(CASES / 5);
  });

  it('reads classes, escapes and quantifiers as JavaScript does', () => {
    const every = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit));
    for (const source of [
      '\\w',
      '\\W',
      '\\d',
      '\\s',
      '\\S',
      '.',
      '[^\\n]',
      '[à-ý]',
      '\\cJ',
      '\\0',
      '[\\b]',
      '[k-s]',
    ]) {
      for (const flags of ['', 'i', 's']) {
        const pattern = compilePattern(source, flags);
        const native = new RegExp(source, flags);
        const wrong = every.filter((text) => pattern.test(text, free) !== native.test(text));
        expect(wrong, `/${source}/${flags}`).toEqual([]);
      }
    }
  });

  it.each(['a{', 'a{1', 'a{,2}', ']', '}', '\\-', '[]a]', 'x{2}?', '[a-]', '[\\w-z]', '\\xZ', '\\u12'])(
    'reads %s as JavaScript does',
    (source) => {
      for (const text of ['a', 'aa', 'a{', 'a{1', 'a{,2}', ']', '}', '-', 'a]', 'xx', 'z', 'xZ', 'u12']) {
        expect(compilePattern(source, '').test(text, free)).toBe(new RegExp(source).test(text));
      }
    },
  );

  it.each([
    ['(?=a)', 'looks around'],
    ['(?!a)', 'looks around'],
    ['(?<=a)', 'looks around'],
    ['(?<!a)', 'looks around'],
    ['(a)\\1', 'back-references'],
    ['(?<n>a)\\k<n>', 'back-references'],
    ['\\p{L}', 'Unicode properties'],
    ['(a', '`(a`: `(` is not closed'],
    ['a)', 'closes nothing'],
    ['[a', '`[a`: `[` is not closed'],
    ['*', 'repeats nothing'],
    ['a**', 'repeats nothing'],
    ['{2}', 'repeats nothing'],
    ['a{2,1}', 'out of order'],
    ['[b-a]', 'out of order'],
    ['a{2000}', 'counts to 1000'],
    ['(?:a{100}){100}', 'too large'],
    ['(?i:a)', 'after `(?`'],
    ['(?<a>x)(?<a>y)', 'named `a`'],
    ['\\', 'escapes nothing'],
    ['\\b*', 'assertion'],
    ['\\07', '\\xHH'],
    ['(a*?)*', 'lazy'],
    ['('.repeat(60), '50 levels'],
    ['a'.repeat(2_001), 'at most 2000'],
  ])('refuses %s', (source, message) => {
    expect(() => compilePattern(source, '')).toThrow(PatternError);
    expect(() => compilePattern(source, '')).toThrow(message);
  });

  it.each(['y', 'u', 'v', 'd', 'ii'])('refuses the flags %s', (flags) => {
    expect(() => compilePattern('a', flags)).toThrow('The flag');
  });

  it('takes linear work where backtracking takes exponential, and tells how much', () => {
    for (const source of ['(a+)+$', '(a|a)*$', '(a|b|ab)*c', '(?:a?){30}a{30}$', '(.*)(.*)(.*)(.*)[^a]x']) {
      const pattern = compilePattern(source, '');
      const work = (length: number) => {
        let instructions = 0;
        const pay = (more: number): void => void (instructions += more);
        pattern.test(`${'a'.repeat(length)}b`, pay);
        pattern.find(`${'a'.repeat(length)}b`, 0, pay);
        return instructions;
      };
      expect(work(2_000)).toBeLessThan(2.5 * work(1_000));
    }
  });

  it('ends when the work is no longer paid for', () => {
    const pattern = compilePattern('(a+)+$', '');
    const pay = (): never => {
      throw new Error('enough');
    };
    expect(() => pattern.find('aaab', 0, pay)).toThrow('enough');
    expect(pattern.find('aaab', 0, free)).toBeUndefined();
    expect(pattern.find('aaa', 0, free)?.texts).toEqual(['aaa', 'aaa']);
  });

  it('keeps a bounded number of states, whatever the texts', () => {
    const pattern = compilePattern('[ab]*a[ab]{12}c', '');
    const native = /[ab]*a[ab]{12}c/;
    const random = fc.sample(fc.array(fc.constantFrom('a', 'b'), { minLength: 3_000, maxLength: 3_000 }), 5);
    for (const characters of random) {
      for (const text of [characters.join(''), `${characters.join('')}c`]) {
        expect(pattern.test(text, free)).toBe(native.test(text));
      }
    }
  });

  it('changes none of what the program reads of its own regular expressions', () => {
    const pattern = compilePattern('(m)(o)', '');
    /(d)(o)/.exec('dormouse');
    pattern.test('dormouse', free);
    pattern.find('dormouse', 0, free);
    const kept = RegExp.$1 + RegExp.$2;
    expect(kept).toBe('do');
  });
});

function compiledOrRefused(source: string, flags: string) {
  try {
    return compilePattern(source, flags);
  } catch (error) {
    if (error instanceof PatternError) return undefined;
    throw error;
  }
}
