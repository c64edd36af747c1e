import { parseFileOrLine } from '../ask/location.js';
import { chooseService, SERVICE_OPTION } from '../ask/service.js';
import { defineCommand } from '../command/command.js';
import { escapeUnsafe } from '../render/text.js';
import { renderPoints } from '../render/points.js';

export const command = defineCommand({
  positionals: [
    { name: 'FILE[:LINE]', values: 'sources', summary: 'a source file, or any unambiguous end of its path' },
  ],
  options: { service: SERVICE_OPTION },
  async run({ client, answer, note, values, positionals: [where = ''] }) {
    const { file, line } = parseFileOrLine(where);
    const service = await chooseService(client, file, values.service);
    const points = await client.points({ service, file, line });
    answer({ points }, (style) => renderPoints(points, style));
    const [first] = points;
    if (first) {
      note(escapeUnsafe(`${first.file} in build ${first.buildId} of ${service}`));
    }
  },
});
