import { WEAVE_OPTIONS } from '../ask/weave-options.js';
import { defineCommand } from '../command/command.js';
import { interruption } from '../command/interruption.js';
import { beginWeaving } from '../command/weaving.js';
import { OperationFailed } from '../failure.js';
import { renderError } from '../render/error.js';
import { reportAsJson } from '../render/weave-report.js';

export const command = defineCommand({
  positionals: [{ name: 'PATH…', summary: 'directories of emitted JavaScript, or files', many: true }],
  options: {
    out: {
      type: 'string',
      value: 'DIR',
      summary: 'Write there what is woven and all else; default: in place',
    },
    root: {
      type: 'string',
      value: 'DIR',
      summary: 'The project, to which paths are relative; default: where package.json is',
    },
    manifest: {
      type: 'string',
      value: 'FILE',
      summary: 'Default: dormouse.manifest.json in the directory that all have in common',
    },
    include: { type: 'string', multiple: true, value: 'GLOB', summary: 'Weave only these files' },
    exclude: { type: 'string', multiple: true, value: 'GLOB', summary: 'Leave these files as they are' },
    watch: { type: 'boolean', short: 'w', summary: 'Weave again what is written again, until Ctrl-C' },
    quiet: { type: 'boolean', short: 'q', summary: 'Print errors only' },
    ...WEAVE_OPTIONS,
  },
  offline: true,
  notes: `Examples
  swc src -d dist --source-maps && dormouse weave dist
  tsup --sourcemap && dormouse weave dist --exclude '*.min.js' --budget gzip:1.6x
  dormouse weave build --out build-woven --watch

Source maps, in files or inline, are composed, so that probes are placed in the original. What is woven already and has
not changed is left alone. Globs are about paths relative to the root; one without a slash about names.`,
  async run({ values, positionals, terminal, answer }) {
    const { json = false, quiet = false, watch, out, root, manifest, include, exclude } = values;
    const { settings, account, excess } = await beginWeaving(
      values,
      { asJson: json, isQuiet: quiet },
      terminal,
    );
    const { weavePaths, watchPaths, TransformerError } = await import('@dormouse/transformer');
    const options = { ...settings, out, root, manifest, include, exclude };
    try {
      if (watch !== true) {
        const report = weavePaths(positionals, options);
        account(report);
        answer(reportAsJson(report), () => '');
        const failure = excess(report);
        if (failure) throw failure;
        return;
      }
      const stop = interruption();
      await watchPaths(positionals, { ...options, signal: stop.signal }, (report) => {
        if (json) terminal.out.print(JSON.stringify(reportAsJson(report)));
        account(report);
        const failure = excess(report);
        if (failure) terminal.err.print(renderError(failure, terminal.err.style));
      });
      stop.release();
    } catch (error) {
      throw error instanceof TransformerError ? new OperationFailed(error.code, error.message) : error;
    }
  },
});
