import {
  EVERYWHERE_PATH,
  type BindingRights,
  type ElevationView,
  type PlaceView,
  type ProfileView,
} from '@dormouse/protocol';
import { getContext, setContext } from 'svelte';
import type { Governance } from '../../api/governance.js';
import { session } from '../../state/session.svelte.js';
import { covers, isForService } from './rights/covers.js';

/**
 * Who one is and what one may do, so that only that is offered. The collector has the last word: what it refuses is shown.
 */
export class Standing {
  readonly governance: Governance;
  who: ProfileView = $state.raw({ kind: 'user', id: '', name: '', memberships: [], environments: [] });
  /** Those that hold now: one's own, and those of others where one may see access. */
  elevations: readonly ElevationView[] = $state.raw([]);
  places: readonly PlaceView[] = $state.raw([]);

  /** The environment that is looked at; of several none, as long as none was chosen. */
  readonly here: string | undefined = $derived(session.environment);

  /** One's memberships without those that end by themselves. */
  readonly #lasting: readonly BindingRights[] = $derived(
    this.who.memberships.filter(
      (membership) =>
        !this.elevations.some(
          ({ subject, environment, role }) =>
            this.isSelf(subject) &&
            environment === membership.place &&
            role === membership.role &&
            membership.elevation === undefined,
        ),
    ),
  );

  /** Places where one may change who may do what: for good, and so not by being elevated. */
  readonly administered: readonly string[] = $derived(
    [EVERYWHERE_PATH, ...this.places.map(({ place }) => place)].filter((place) => this.administers(place)),
  );

  /** Where one gives rights first: here, if one may. */
  readonly suggested: string = $derived(
    this.administered.find((place) => place === this.here) ?? this.administered[0] ?? '',
  );

  /** Whether one sees, somewhere, who may do what. */
  readonly seesAccess: boolean = $derived(
    this.who.memberships.some(({ role, services }) => role === 'admin' && services.length === 0),
  );

  constructor(governance: Governance) {
    this.governance = governance;
  }

  async reload(): Promise<void> {
    [this.who, this.elevations, this.places] = await Promise.all([
      session.api.profile(),
      this.governance.elevations(),
      this.governance.places(),
    ]);
    // An environment that is new can be chosen.
    session.who = this.who;
  }

  isSelf = ({ kind, id }: ElevationView['subject']): boolean => kind === this.who.kind && id === this.who.id;

  administers(place: string): boolean {
    return this.#lasting.some((membership) => isAdmin(membership, place));
  }

  /** Whether one may read the whole audit trail of a place. */
  readsTrail(place: string): boolean {
    return this.who.memberships.some((membership) => isAdmin(membership, place));
  }

  /** Whether one may change the policy of a service, or of everything, in the environment that is looked at. */
  changesPolicy(service: string | undefined): boolean {
    const { here } = this;
    return this.who.memberships.some(
      ({ role, place, services }) =>
        role === 'admin' &&
        (here === undefined || covers(place, here)) &&
        (service === undefined ? services.length === 0 : isForService(services, service)),
    );
  }
}

const isAdmin = ({ role, place, services }: BindingRights, where: string): boolean =>
  role === 'admin' && services.length === 0 && covers(place, where);

const KEY = Symbol('standing');

export const provideStanding = (standing: Standing): Standing => setContext(KEY, standing);

export const useStanding = (): Standing => getContext(KEY);
