/**
 * `node --import dormouse/register app.ts`: weaves the program's files while Node loads them, and starts the agent from
 * the environment, as `@dormouse/runtime/register` does. For development; a deployment is woven when it is built.
 */
import process from 'node:process';
import { canStart, start } from '@dormouse/runtime';
import { stripsTypes } from './register/type-stripping.js';

const weaves = canStart();
// Where there is nothing to do, nothing is loaded and nothing is hooked.
if (weaves || !stripsTypes) {
  const { hookLoading } = await import('./register/hook-loading.js');
  start({ manifest: hookLoading(process.cwd(), weaves) });
} else {
  start();
}
