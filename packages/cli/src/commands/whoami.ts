import { defineCommand } from '../command/command.js';
import { renderProfile } from '../render/user.js';

export const command = defineCommand({
  positionals: [],
  options: {},
  async run({ client, answer }) {
    const profile = await client.profile();
    answer(profile, (style) => renderProfile(profile, style));
  },
});
