/** `npm run build`: compiles every package; incremental, well under a second when nothing changed. */
import { bundleRuntime } from './lib/bundle-runtime.ts';
import { TSC } from './lib/paths.ts';
import { run } from './lib/run.ts';

if (!run(process.execPath, [TSC, '-b'])) process.exit(1);
await bundleRuntime();
