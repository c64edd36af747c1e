import type { CapturedLine, CapturedProperty, CaptureView } from '@dormouse/protocol';
import type { Part } from '../../../words/value.js';

/** Values of a capture that belong together. */
export interface Section {
  readonly name: string;
  readonly parts: readonly Part[];
}

/** What a capture shows, the answer to what was asked first. */
export function sectionsOf(capture: CaptureView): readonly Section[] {
  const { returned, threw, watches = [], on, lastLine, attributes = {} } = capture;
  return [
    section('Outcome', [
      ...(threw === undefined ? [] : [{ name: 'threw', value: threw }]),
      ...(returned === undefined ? [] : [{ name: 'returned', value: returned }]),
    ]),
    section(
      'Asked for',
      watches.map(({ source, value = NO_VALUE, error }) => ({
        name: source,
        value,
        ...(error !== undefined && { trouble: error }),
      })),
    ),
    section(
      'Set on the span',
      Object.entries(attributes).map(([name, value]) => ({ name, value: asValue(value) })),
    ),
    ...(lastLine === undefined ? [] : variables(`At line ${lastLine.line}, the last that it ran`, lastLine)),
    ...variables(on === undefined ? 'Variables' : 'As it was called', capture),
  ].filter(({ parts }) => parts.length > 0);
}

function variables(name: string, { self, locals, outers }: Partial<CapturedLine>): Section[] {
  return [
    section(name, [...(self === undefined ? [] : [{ name: 'this', value: self }]), ...partsOf(locals)]),
    section(
      `${name === 'Variables' ? 'From outside the function' : `${name}, from outside`}`,
      partsOf(outers),
    ),
  ];
}

/** The variables of a caller of a hit. */
export const callerSections = (line: CapturedLine): readonly Section[] =>
  variables('Variables', line).filter(({ parts }) => parts.length > 0);

const NO_VALUE: Part['value'] = { type: 'omitted', omitted: { reason: 'runtimeError' } };

const section = (name: string, parts: readonly Part[]): Section => ({ name, parts });

const partsOf = (properties: readonly CapturedProperty[] = []): Part[] =>
  properties.map(({ key, value }) => ({ name: key, value }));

function asValue(value: string | number | boolean): Part['value'] {
  if (typeof value === 'string') return { type: 'string', value };
  return typeof value === 'number' ? { type: 'number', value } : { type: 'boolean', value };
}
