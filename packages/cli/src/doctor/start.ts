import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { good, note, bad, type Finding } from './finding.js';

/** Where people write how a program is started. */
const STARTING =
  /^(?:package\.json|Procfile|\.env.*|.*Dockerfile.*|(?:docker-)?compose.*\.ya?ml|ecosystem\.config\..*|app\.ya?ml)$/iu;

const LOADING = /@dormouse\/runtime(?:\/register)?|dormouse\/register/u;

/** Whether something loads the runtime, and whether it would connect. */
export function* examineStart(root: string, environment: NodeJS.ProcessEnv): Generator<Finding> {
  const candidates = readdirSync(root).filter((name) => STARTING.test(name));
  const loading = candidates.find((name) => loads(name, readFileSync(join(root, name), 'utf8')));
  yield loading === undefined
    ? note(
        'start',
        'not-loaded',
        `nothing that starts the program loads the runtime (looked at ${candidates.join(', ')})`,
        'node --import @dormouse/runtime/register dist/main.js, or NODE_OPTIONS with the same --import',
      )
    : good('start', `${loading} loads the runtime`);
  if (/^(?!(?:0|no|off|false)?$)/iu.test(environment['DORMOUSE_DISABLED']?.trim() ?? ''))
    yield bad('start', 'disabled', 'DORMOUSE_DISABLED is set here', 'Unset it where the program is started.');
  if (!environment['DORMOUSE_TOKEN'])
    yield note(
      'start',
      'no-agent-token',
      'DORMOUSE_TOKEN is not set here',
      'Set it where the program is started: without an agent token it does not connect.',
    );
}

/** Of a package only its scripts count: that it depends on the runtime does not load it. */
function loads(name: string, text: string): boolean {
  if (name !== 'package.json') return LOADING.test(text);
  const { scripts = {} } = JSON.parse(text) as { scripts?: Record<string, string> };
  return Object.values(scripts).some((script) => LOADING.test(script));
}
