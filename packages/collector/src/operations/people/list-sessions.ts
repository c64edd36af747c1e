import type { SessionView } from '@dormouse/protocol';
import { z } from 'zod';
import { selvesOf } from '../../auth/identity.js';
import { sessionView } from '../../schemas/user.js';
import type { StoredSession } from '../../storage/contract/directory/sessions.js';
import { defineDirectoryOperation } from '../operation.js';

export const listSessions = defineDirectoryOperation({
  name: 'listSessions',
  summary: 'List one’s own sessions',
  description: 'The browsers that whoever asks is signed in with.',
  tag: 'access',
  method: 'GET',
  path: '/sessions',
  permission: 'profile:read',
  output: z.object({ sessions: z.array(sessionView) }),
  outputDescription: 'The sessions, used last first.',
  errors: [],
  async run({ people }, _input, caller) {
    const sessions = await Promise.all(selvesOf(caller).map((self) => people.sessions.of(self)));
    return { sessions: sessions.flat().map((own) => view(own, own.id === caller.session)) };
  },
});

const view = (
  { id, by, createdAt, usedAt, endsAt, address, browser }: StoredSession,
  current: boolean,
): SessionView => ({ id, by, createdAt, usedAt, endsAt, address, browser, current });
