import { defineCommand } from '../command/command.js';
import { renderCapture } from '../render/capture.js';

export const command = defineCommand({
  positionals: [{ name: 'ID', summary: 'as "dormouse captures" lists it' }],
  options: {},
  async run({ client, positionals: [id = ''], answer }) {
    const capture = await client.capture(id);
    answer(capture, (style) => renderCapture(capture, style));
  },
});
