import { defineCommand } from '../command/command.js';
import { renderServices } from '../render/services.js';

export const command = defineCommand({
  positionals: [],
  options: {},
  async run({ client, answer, terminal }) {
    const services = await client.services();
    answer({ services }, ({ out }) => renderServices(services, out.style));
    if (services.length === 0) terminal.err.print('No service has connected yet.');
  },
});
