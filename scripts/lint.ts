/** `npm run lint`: import direction and the few rules we believe in (`.oxlintrc.json`), then formatting. */
import { tool } from './lib/paths.ts';
import { run } from './lib/run.ts';

const linted = run(tool('oxlint'), ['--deny-warnings']);
const formatted = run(tool('oxfmt'), ['--check', '.']);
if (!linted || !formatted) process.exit(1);
