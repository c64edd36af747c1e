import { defineCommand } from '../command/command.js';
import { UsageError } from '../failure.js';
import { renderDryRun } from '../render/dry-run.js';

export const command = defineCommand({
  positionals: [{ name: 'CAPTURE', summary: 'its id, as "dormouse captures" lists it' }],
  options: {
    if: { type: 'string', value: 'EXPR', summary: 'As the condition of a probe' },
    expect: { type: 'string', value: 'EXPR', summary: 'As what a check expects' },
    watch: { type: 'string', value: 'EXPR', multiple: true, summary: 'As a watch of a snapshot' },
    log: { type: 'string', value: 'TEXT', summary: 'As the text of a log, with expressions in braces' },
  },
  notes: `Examples
  dormouse dry-run 9f2c41d07a3be856-12 --if 'amount > 10000' --watch 'order.lines.length'
  dormouse dry-run 9f2c41d07a3be856-12 --log 'order {order.id} over {amount}'

No process is asked. What the capture does not show, because it is redacted, was cut or is not there, is said to be
unknown, with its path.`,
  async run({ client, values, positionals: [capture = ''], answer }) {
    const { if: condition, expect, watch: watches, log: template } = values;
    const request = {
      ...(condition !== undefined && { condition }),
      ...(expect !== undefined && { expect }),
      ...(watches !== undefined && { watches }),
      ...(template !== undefined && { template }),
    };
    if (Object.keys(request).length === 0)
      throw new UsageError('Say what: --if, --expect, --watch or --log.');
    const view = await client.dryRun(capture, request);
    answer(view, (style) => renderDryRun(view, style));
  },
});
