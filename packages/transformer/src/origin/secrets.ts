import { literalsOf } from '../1-parse/literals.js';
import { isWeavable, type Parsed, parse } from '../1-parse/parse.js';
import { SECRET, type SecretKind, secretMarks } from '../2-plan/secret-marks.js';
import type { Binding } from '../2-plan/scope.js';
import type { Literal } from '../1-parse/literals.js';
import type { Origin } from './origin.js';

/** What `@secret` comments mark: in the text that is woven, and in the originals, whose comments compilers drop. */
export interface Secrets {
  /** Whether a variable is marked: no hook may have its value. */
  has(binding: Binding): boolean;
  /** What is marked, in original spelling. */
  readonly names: Readonly<Record<SecretKind, readonly string[]>>;
}

export function findSecrets({ file }: Parsed, literals: readonly Literal[], origin: Origin): Secrets {
  const names = { variable: new Set<string>(), property: new Set<string>() };
  const offsets = new Set<number>();
  const places = new Set<string>();
  for (const { kind, name, offset } of secretMarks(file, literals)) {
    names[kind].add(origin.originalName(name, offset) ?? name);
    offsets.add(offset);
  }
  origin.texts.forEach((text, source) => {
    for (const { kind, name, line } of text === file.text
      ? []
      : marksIn(text, origin.sources[source]!.path)) {
      names[kind].add(name);
      places.add(placeKey(source, line, name));
    }
  });
  return {
    names: { variable: [...names.variable], property: [...names.property] },
    has: ({ name, declaredAt }) => {
      if (names.variable.size === 0) return false;
      if (offsets.has(declaredAt)) return true;
      const place = origin.placeOf(declaredAt);
      const original = origin.originalName(name, declaredAt) ?? name;
      return place !== undefined && places.has(placeKey(place.source, place.line, original));
    },
  };
}

/** Two variables of one name are not declared on one line; columns, compilers may get wrong. */
const placeKey = (source: number, line: number, name: string): string => `${source}:${line}:${name}`;

interface LineMark {
  readonly kind: SecretKind;
  readonly name: string;
  readonly line: number;
}

function marksIn(text: string | undefined, path: string): readonly LineMark[] {
  if (text === undefined || !text.includes(SECRET) || !isWeavable(path)) return [];
  const { file } = parse(text, path);
  return secretMarks(file, literalsOf(file)).map(({ kind, name, offset }) => ({
    kind,
    name,
    line: file.getLineAndCharacterOfPosition(offset).line + 1,
  }));
}
