import type { TemplateParameter, TemplateValue } from '@dormouse/protocol';
import { CollectorError } from '../collector-error.js';
import { nearestNames } from '../nearest.js';
import type { Values } from './fill.js';

type Parameters = Readonly<Record<string, TemplateParameter>>;

const SAMPLES: Readonly<Record<TemplateParameter['type'], TemplateValue>> = {
  text: 'text',
  number: 1,
  boolean: true,
  expression: 'true',
};

/** Some value for each parameter, to see what comes of a template. */
export const samples = (parameters: Parameters): Values =>
  new Map(
    Object.entries(parameters).map(([name, { type, default: value = SAMPLES[type] }]) => [
      name,
      { type, value },
    ]),
  );

/**
 * The values given, and the defaults of the others.
 * @throws {CollectorError} INVALID_REQUEST for one that is missing, of another type, or of no parameter
 */
export function resolveValues(
  parameters: Parameters,
  given: Readonly<Record<string, TemplateValue>>,
): Values {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(parameters, name));
  if (unknown !== undefined) {
    const suggestions = nearestNames(unknown, Object.keys(parameters));
    throw invalid(unknown, `The template has no parameter ${unknown}.`, suggestions);
  }
  return new Map(
    Object.entries(parameters).map(([name, { type, default: standard }]) => {
      const value = given[name] ?? standard;
      if (value === undefined) throw invalid(name, `The template needs a value for ${name}, a ${type}.`);
      return [name, { type, value: typed(name, type, value) }];
    }),
  );
}

/** A text may stand for a number or boolean: command lines have nothing else. @throws {CollectorError} INVALID_REQUEST */
export function typed(name: string, type: TemplateParameter['type'], value: TemplateValue): TemplateValue {
  if (type === 'text' || type === 'expression') return String(value);
  if (typeof value === type) return value;
  if (type === 'number' && typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))
    return Number(value);
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  throw invalid(name, `${name} is a ${type}, and ${JSON.stringify(value)} is none.`);
}

const invalid = (name: string, message: string, suggestions: readonly string[] = []): CollectorError =>
  new CollectorError('INVALID_REQUEST', message, {
    path: `values.${name}`,
    ...(suggestions.length > 0 && { suggestions }),
  });
