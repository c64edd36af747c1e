import { z } from 'zod';
import { viewLink } from '../../auth/users/view.js';
import { linkTo, type LinkCode } from '../../auth/sessions/link.js';
import { linkView } from '../../schemas/user.js';
import { defineDirectoryOperation } from '../operation.js';

export const createConsoleLink = defineDirectoryOperation({
  name: 'createConsoleLink',
  summary: 'Make a link that opens the console',
  description:
    'Signs the browser that opens it in as whoever asked for it. It works once, for five minutes, and not from pages of others.',
  tag: 'access',
  method: 'POST',
  path: '/console-links',
  permission: 'profile:write',
  body: z.strictObject({}),
  output: linkView,
  outputDescription: 'The link.',
  status: 201,
  errors: [],
  async run({ people: { codes, publicUrl } }, _input, { kind, id }) {
    const { code, endsAt } = await codes.mint('link', { subject: { kind, id } } satisfies LinkCode);
    return viewLink(linkTo(code), endsAt, publicUrl);
  },
});
