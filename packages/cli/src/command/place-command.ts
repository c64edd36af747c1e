import type { PlaceKindName, PlaceView } from '@dormouse/protocol';

import { UsageError } from '../failure.js';
import type { Style } from '../render/style.js';
import { renderTable } from '../render/table.js';
import { escapeUnsafe } from '../render/text.js';
import { formatDateTime } from '../render/time.js';
import { actionNamed } from './action.js';
import { defineCommand, type Invocation, type Options, type ReadCommand } from './command.js';

const OPTIONS = {
  confirm: {
    type: 'string',
    value: 'PLACE',
    summary: 'delete: the same again, once it was read what is lost',
  },
} as const satisfies Options;

type Asked = Pick<Invocation<typeof OPTIONS>, 'client' | 'values' | 'answer'> & {
  readonly place: string;
  readonly name: string | undefined;
};

const ACTIONS: Readonly<Record<string, (asked: Asked) => Promise<void>>> = {
  async create({ client, place, answer }) {
    const made = await client.createPlace(place);
    answer(made, () => `Made ${escapeUnsafe(made.place)}.`);
  },

  async rename({ client, place, name, answer }) {
    if (name === undefined) throw new UsageError('NAME is missing: what it is called from now on.');
    const renamed = await client.renamePlace(place, name);
    answer(renamed, () => `${escapeUnsafe(place)} is ${escapeUnsafe(renamed.place)} now.`);
  },

  async delete({ client, place, values: { confirm }, answer }) {
    const { deleted } = await client.deletePlace(place, confirm);
    answer({ deleted }, () => `Deleted ${escapeUnsafe(deleted.join(', '))}.`);
  },
};

/** The command for organisations, projects or environments: the same for each, but for how a path of them looks. */
export function placeCommand(kind: PlaceKindName, example: string): ReadCommand<typeof OPTIONS> {
  const names = example.split('/').length;
  const actions = ['list', ...Object.keys(ACTIONS)];
  return defineCommand({
    positionals: [
      {
        name: 'ACTION',
        values: actions,
        summary: `${actions.join(', ')}; default list`,
        optional: true,
      },
      { name: 'PLACE', summary: `the ${kind}, such as ${example}`, optional: true },
      { name: 'NAME', summary: 'rename: its new name, without what is around it', optional: true },
    ],
    options: OPTIONS,
    notes: `Examples
  dormouse ${kind}
  dormouse ${kind} create ${example}
  dormouse ${kind} rename ${example} other
  dormouse ${kind} delete ${example}                # says what would be lost, and does nothing
  dormouse ${kind} delete ${example} --confirm ${example}`,
    async run({ client, values, positionals: [action = 'list', place, name], answer }) {
      if (action === 'list') {
        const places = (await client.places()).filter((one) => one.kind === kind);
        return answer({ places }, (style) => renderPlaces(places, style));
      }
      const act = actionNamed(ACTIONS, action, ['list']);
      if (place?.split('/').length !== names)
        throw new UsageError(`PLACE names the ${kind}, such as ${example}.`);
      return act({ client, values, answer, place, name });
    },
  });
}

const renderPlaces = (places: readonly PlaceView[], style: Style): string =>
  renderTable(
    places,
    [
      { header: 'PLACE', cell: ({ place }) => place, paint: style.colors.bold },
      { header: 'SINCE', cell: ({ createdAt }) => (createdAt === 0 ? '' : formatDateTime(createdAt)) },
    ],
    style,
  );
