import path from 'node:path';
import { isRecord } from '../is-record.js';
import { process } from '../process.js';
import { ancestors } from './main-script.js';

const { readFileSync } = process.getBuiltinModule('node:fs');

export interface PackageName {
  readonly name?: string;
  readonly version?: string;
}

/** Name and version of the nearest package.json that has a name, from `directory` upwards. */
export function readPackageName(directory: string): PackageName {
  for (const ancestor of ancestors(directory)) {
    const fields = readFields(path.join(ancestor, 'package.json'));
    if (typeof fields?.['name'] !== 'string') continue;
    const version = fields['version'];
    return { name: fields['name'], ...(typeof version === 'string' && { version }) };
  }
  return {};
}

function readFields(file: string): Record<string, unknown> | undefined {
  try {
    const fields: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isRecord(fields) ? fields : undefined;
  } catch {
    return undefined;
  }
}
