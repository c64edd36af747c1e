import type { AnyOperation } from '../operations/operation.js';
import type { RecordedRoute } from './requests.js';

/** What is written down of an operation: all that may change anything, and all that shows captured values. */
export function recordedAs({
  name,
  method,
  permission,
}: Pick<AnyOperation, 'name' | 'method' | 'permission'>): RecordedRoute {
  return {
    operation: name,
    as: method !== 'GET' ? 'change' : permission === 'captures:read' ? 'read' : 'nothing',
  };
}
