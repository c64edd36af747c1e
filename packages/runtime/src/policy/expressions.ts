import type { CompiledExpression, ProbeCommand } from '@dormouse/protocol';
import { isRecord } from '../is-record.js';

/** All expressions of a command, whatever its kind has them for. */
export function expressionsOf(command: ProbeCommand): CompiledExpression[] {
  return Object.values(command).flatMap(expressionsIn);
}

function expressionsIn(value: unknown): CompiledExpression[] {
  if (Array.isArray(value)) return value.flatMap(expressionsIn);
  if (!isRecord(value)) return [];
  if ('tree' in value) return [value as unknown as CompiledExpression];
  return Object.values(value).flatMap(expressionsIn);
}
