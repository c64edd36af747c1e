/** `npm run build`: compiles every package, and the console; incremental, well under a second when nothing changed. */
import { buildConsole } from './lib/build-console.ts';
import { bundleRuntime } from './lib/bundle-runtime.ts';
import { TSC } from './lib/paths.ts';
import { run } from './lib/run.ts';

if (!run(process.execPath, [TSC, '-b'])) process.exit(1);
await Promise.all([bundleRuntime(), buildConsole()]);
