import { VIEWS, type View } from './views.js';

export interface Place {
  readonly view: View;
  /** `organisation/project/environment`; without it, the one where one is. */
  readonly environment?: string | undefined;
  readonly service: string | undefined;
  /** What is open in the view: `file`, `line`, `probe`, `capture`, `section`. */
  readonly open: Readonly<Record<string, string>>;
}

/** Where in the console one is. It is all in the address, so that a link shows another person the same. */
class Route {
  place: Place = $state.raw(parsePlace(location.hash));
  /** Whoever wants to be asked before one goes elsewhere. */
  #asked: ((leave: () => void) => void) | undefined;

  constructor() {
    addEventListener('hashchange', () => {
      const wanted = this.#complete(parsePlace(location.hash));
      if (this.#asked === undefined) {
        this.#replace(wanted);
        return;
      }
      history.replaceState(null, '', addressOf(this.place));
      this.leave(() => this.go(wanted));
    });
  }

  /**
   * Nothing else is shown until somebody has agreed to it: something is not saved yet.
   * @param ask is given what goes on where somebody wanted to
   * @returns what ends it
   */
  hold(ask: (leave: () => void) => void): () => void {
    this.#asked = ask;
    return () => {
      if (this.#asked === ask) this.#asked = undefined;
    };
  }

  /** Does what leaves the place, as soon as nothing is against it. */
  leave(then: () => void): void {
    const asked = this.#asked;
    if (asked === undefined) {
      then();
      return;
    }
    asked(() => {
      this.#asked = undefined;
      then();
    });
  }

  go(place: Partial<Place>): void {
    location.hash = addressOf({ ...this.place, ...place });
  }

  /** Changes what is open in the view, without a step in the browser's history. */
  show(open: Readonly<Record<string, string | undefined>>): void {
    this.#replace({ ...this.place, open: withoutAbsent({ ...this.place.open, ...open }) });
  }

  /** Where the address names no environment, it is this one. */
  settle(environment: string | undefined): void {
    if (this.place.environment === undefined) this.#replace({ ...this.place, environment });
  }

  #complete(place: Place): Place {
    return { ...place, environment: place.environment ?? this.place.environment };
  }

  #replace(place: Place): void {
    history.replaceState(null, '', addressOf(place));
    this.place = place;
  }
}

/** `#/source/trades?in=acme/shop/production&file=src/risk.ts&line=42` */
export function addressOf({ view, environment = route.place.environment, service, open }: Place): string {
  const path = service === undefined ? view : `${view}/${encodeURIComponent(service)}`;
  const search = new URLSearchParams({ ...(environment !== undefined && { in: environment }), ...open });
  return `#/${path}${search.size === 0 ? '' : `?${search.toString().replaceAll('%2F', '/')}`}`;
}

function parsePlace(hash: string): Place {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [view, service] = path.split('/');
  const { in: environment, ...open } = Object.fromEntries(new URLSearchParams(search));
  return {
    view: VIEWS.find((known) => known === view) ?? 'source',
    environment,
    service: service === undefined || service === '' ? undefined : decodeURIComponent(service),
    open,
  };
}

function withoutAbsent(open: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(open).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

export const route: Route = new Route();
