import { defineCommand } from '../command/command.js';
import { renderServices } from '../render/services.js';

export const command = defineCommand({
  positionals: [],
  options: {},
  async run({ client, answer, note }) {
    const services = await client.services();
    answer({ services }, (style) => renderServices(services, style));
    if (services.length === 0) note('No service has connected yet.');
  },
});
