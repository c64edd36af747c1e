import { AGENT_PATH, API_PREFIX } from '@dormouse/protocol';
import { CollectorError } from '../collector-error.js';
import { chooseEnvironment } from '../environments/choose.js';
import type { Places } from '../places/places.js';
import type { Directory } from '../storage/contract/directory/directory.js';
import { EVERYWHERE, type EnvironmentId } from '../storage/contract/directory/places.js';
import { authenticateToken, identityOf, type Credentials } from './authenticate.js';
import type { Caller } from './caller.js';
import { callerIn } from './caller-in.js';
import type { FailedAttempts } from './failed-attempts.js';
import type { Identity } from './identity.js';
import type { Permission } from './permissions.js';

/** Finds out who stands at a door of the collector, and what they may do behind it. */
export class Doorkeeper {
  readonly #directory: Directory;
  readonly #attempts: FailedAttempts;
  readonly places: Places;

  constructor(directory: Directory, places: Places, attempts: FailedAttempts) {
    this.#directory = directory;
    this.#attempts = attempts;
    this.places = places;
  }

  /**
   * Who asks, at a door for people and their programs.
   * @throws {CollectorError} UNAUTHENTICATED, TOO_MANY_ATTEMPTS, FORBIDDEN
   */
  async identify(credentials: Credentials): Promise<Identity> {
    const token = await authenticateToken(this.#directory, this.#attempts, credentials);
    if (token.kind !== 'agent') return identityOf(this.#directory, token, credentials.address);
    throw new CollectorError(
      'FORBIDDEN',
      `This is an agent token, which opens ${AGENT_PATH} only; the API under ${API_PREFIX} needs a token for people (dma_…).`,
    );
  }

  /**
   * Which environment an agent belongs to, at the agents' door.
   * @throws {CollectorError} UNAUTHENTICATED, TOO_MANY_ATTEMPTS, FORBIDDEN
   */
  async admitAgent(credentials: Credentials): Promise<EnvironmentId> {
    const token = await authenticateToken(this.#directory, this.#attempts, credentials);
    if (token.kind === 'agent') return token.binding.place;
    throw new CollectorError(
      'FORBIDDEN',
      `This is a token for people; agents connect to ${AGENT_PATH} with an agent token (dmg_…).`,
    );
  }

  /**
   * Somebody who asks about one environment.
   * @param named its path; without it, the only one that they may see
   * @throws {CollectorError} NOT_FOUND, INVALID_REQUEST, FORBIDDEN
   */
  enter(identity: Identity, named: string | undefined): Caller {
    const { tree } = this.places;
    return callerIn(identity, tree, chooseEnvironment(identity, tree, named).id);
  }

  /** Somebody who asks about the directory. */
  enterDirectory(identity: Identity): Caller {
    return callerIn(identity, this.places.tree, EVERYWHERE);
  }
}

/** @throws {CollectorError} FORBIDDEN */
export function authorise(caller: Caller, permission: Permission): void {
  if (caller.may(permission)) return;
  throw new CollectorError(
    'FORBIDDEN',
    `${caller.name} may not do this: it takes the permission ${permission}.`,
  );
}
