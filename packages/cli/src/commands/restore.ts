import { runCollectorProgram } from '../command/collector-program.js';
import { defineCommand } from '../command/command.js';

export const command = defineCommand({
  positionals: [{ name: 'FILE', summary: 'what "dormouse backup" has written' }],
  options: {
    data: {
      type: 'string',
      value: 'FOLDER',
      summary: "The collector's folder, default DORMOUSE_DATA or ~/.dormouse",
    },
    replace: { type: 'boolean', summary: 'Even where there is a database; it is kept under another name' },
  },
  offline: true,
  notes: `Examples
  dormouse restore collector-2026-11-21.db --data /var/lib/dormouse
  dormouse restore collector-2026-11-21.db --replace

Puts a backup where a collector will find it, on the machine where that runs, while it is stopped. The backup is checked
first: that it is whole, and of this version or an older one. Tokens are then those of the backup.`,
  run: ({ values: { data, replace, json }, positionals: [file = ''] }) =>
    runCollectorProgram([
      '--restore',
      file,
      ...(data === undefined ? [] : ['--data', data]),
      ...(replace === true ? ['--replace'] : []),
      ...(json === true ? ['--json'] : []),
    ]),
});
