import { join } from 'node:path';

import { bad, good, note, type Finding } from './finding.js';
import type { ProjectFiles } from './project-files.js';

/** Where people write how a program is started. */
const STARTING =
  /^(?:Procfile|\.env.*|.*Dockerfile.*|(?:docker-)?compose.*\.ya?ml|ecosystem\.config\..*|app\.ya?ml)$/iu;

const LOADING = /@dormouse\/runtime(?:\/register)?|dormouse\/register/u;

/**
 * Whether something loads the runtime, and whether it would connect.
 * @param scripts of its package.json: that a package depends on the runtime does not load it
 */
export function* examineStart(
  root: string,
  files: ProjectFiles,
  scripts: readonly string[],
  environment: NodeJS.ProcessEnv,
): Generator<Finding> {
  const texts: [name: string, text: string][] = [['package.json', scripts.join('\n')]];
  for (const name of files.names.filter((candidate) => STARTING.test(candidate))) {
    const text = files.text(join(root, name));
    if (text !== undefined) texts.push([name, text]);
  }
  const loading = texts.find(([, text]) => LOADING.test(text));
  yield loading === undefined
    ? note(
        'start',
        'not-loaded',
        `nothing that starts the program loads the runtime (looked at ${texts.map(([name]) => name).join(', ')})`,
        'node --import @dormouse/runtime/register dist/main.js, or NODE_OPTIONS with the same --import',
      )
    : good('start', `${loading[0]} loads the runtime`);
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
