/** `npm run format`: rewrites every source file in the project's format. */
import { tool } from './lib/paths.ts';
import { run } from './lib/run.ts';

if (!run(tool('oxfmt'), ['--write', '.'])) process.exit(1);
