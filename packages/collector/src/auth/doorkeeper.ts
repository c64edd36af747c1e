import { AGENT_PATH, API_PREFIX, type AuditDoor } from '@dormouse/protocol';
import type { FailedSignIns } from '../audit/failed-sign-ins.js';
import { CollectorError } from '../collector-error.js';
import { chooseEnvironment } from '../environments/choose.js';
import type { Places } from '../places/places.js';
import type { Directory } from '../storage/contract/directory/directory.js';
import { EVERYWHERE } from '../storage/contract/directory/places.js';
import type { StoredToken } from '../storage/contract/directory/tokens.js';
import { authenticateToken, identityOf, isStillGood, type Credentials } from './authenticate.js';
import type { Caller } from './caller.js';
import { callerIn, mayAnywhere } from './caller-in.js';
import type { FailedAttempts } from './failed-attempts.js';
import { elevatedBy } from './elevation.js';
import type { Identity } from './identity.js';
import type { Permission } from './permissions.js';

/** How long a right may outlive its end in what lasts, ms: so often it is asked whether whoever came in may stay. */
export const ASK_AGAIN_MS = 5_000;

/** Finds out who stands at a door of the collector, and what they may do behind it. */
export class Doorkeeper {
  readonly #directory: Directory;
  readonly #attempts: FailedAttempts;
  readonly #failedSignIns: FailedSignIns;
  readonly places: Places;

  constructor(directory: Directory, places: Places, attempts: FailedAttempts, failedSignIns: FailedSignIns) {
    this.#directory = directory;
    this.#attempts = attempts;
    this.#failedSignIns = failedSignIns;
    this.places = places;
  }

  /**
   * Who asks, at a door for people and their programs.
   * @throws {CollectorError} UNAUTHENTICATED, TOO_MANY_ATTEMPTS, FORBIDDEN
   */
  async identify(credentials: Credentials): Promise<Identity> {
    const token = await this.#authenticate(credentials, 'http');
    if (token.kind !== 'agent') return identityOf(this.#directory, token, credentials.address);
    throw new CollectorError(
      'FORBIDDEN',
      `This is an agent token, which opens ${AGENT_PATH} only; the API under ${API_PREFIX} needs a token for people (dma_…).`,
    );
  }

  /**
   * The token of an agent, at the agents' door.
   * @throws {CollectorError} UNAUTHENTICATED, TOO_MANY_ATTEMPTS, FORBIDDEN
   */
  async admitAgent(credentials: Credentials): Promise<StoredToken> {
    const token = await this.#authenticate(credentials, 'agent');
    if (token.kind === 'agent') return token;
    throw new CollectorError(
      'FORBIDDEN',
      `This is a token for people; agents connect to ${AGENT_PATH} with an agent token (dmg_…).`,
    );
  }

  /** Whether whoever came in with these credentials may stay. */
  maintains({ authorization }: Pick<Credentials, 'authorization'>): Promise<boolean> {
    return isStillGood(this.#directory, authorization);
  }

  /**
   * Somebody who asks about one environment.
   * @param isAgent whether by way of an AI agent
   * @param named its path; without it, the only one that they may see
   * @throws {CollectorError} NOT_FOUND, INVALID_REQUEST, FORBIDDEN
   */
  async enter(identity: Identity, isAgent: boolean, named: string | undefined): Promise<Caller> {
    const elevated = await this.#elevate(identity);
    const { tree } = this.places;
    return callerIn(elevated, isAgent, tree, chooseEnvironment(elevated, tree, named).id);
  }

  /** Somebody who asks about the directory. */
  async enterDirectory(identity: Identity, isAgent: boolean): Promise<Caller> {
    return callerIn(await this.#elevate(identity), isAgent, this.places.tree, EVERYWHERE);
  }

  /** With the elevations that somebody has now, as far as their bindings still permit them. */
  async #elevate(identity: Identity): Promise<Identity> {
    const { kind, id, bindings } = identity;
    const elevations = await this.#directory.elevations.activeOf({ kind, id }, Date.now());
    if (elevations.length === 0) return identity;
    const elevated = elevations.flatMap((elevation) => elevatedBy(elevation, bindings, this.places.tree));
    return { ...identity, bindings: [...bindings, ...elevated] };
  }

  async #authenticate(credentials: Credentials, door: AuditDoor): Promise<StoredToken> {
    try {
      return await authenticateToken(this.#directory, this.#attempts, credentials);
    } catch (error) {
      if (error instanceof CollectorError) {
        this.#failedSignIns.add({ address: credentials.address, door, code: error.code });
      }
      throw error;
    }
  }
}

/** @throws {CollectorError} FORBIDDEN */
export function authorise(caller: Caller, permission: Permission): void {
  const isAllowed = caller.place === EVERYWHERE ? mayAnywhere(caller, permission) : caller.may(permission);
  if (isAllowed) return;
  throw new CollectorError(
    'FORBIDDEN',
    `${caller.name} may not do this: it takes the permission ${permission}.`,
  );
}
