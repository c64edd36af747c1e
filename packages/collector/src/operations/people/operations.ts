import { changePassword } from './change-password.js';
import { changeUser } from './change-user.js';
import { createConsoleLink } from './create-console-link.js';
import { createOwnToken } from './create-own-token.js';
import { endSession } from './end-session.js';
import { getProfile } from './get-profile.js';
import { getUser } from './get-user.js';
import { inviteUser } from './invite-user.js';
import { listOwnTokens } from './list-own-tokens.js';
import { listSessions } from './list-sessions.js';
import { listUsers } from './list-users.js';
import { resetPassword } from './reset-password.js';
import { revokeOwnToken } from './revoke-own-token.js';

/** Oneself, and other people, in the order in which the documentation shows it. */
export const PEOPLE_OPERATIONS = [
  getProfile,
  changePassword,
  listSessions,
  endSession,
  listOwnTokens,
  createOwnToken,
  revokeOwnToken,
  createConsoleLink,
  inviteUser,
  listUsers,
  getUser,
  changeUser,
  resetPassword,
] as const;
