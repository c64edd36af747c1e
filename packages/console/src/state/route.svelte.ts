import { VIEWS, type View } from './views.js';

export interface Place {
  readonly view: View;
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
      const wanted = parsePlace(location.hash);
      if (this.#asked === undefined) {
        this.place = wanted;
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
    const place = { ...this.place, open: withoutAbsent({ ...this.place.open, ...open }) };
    history.replaceState(null, '', addressOf(place));
    this.place = place;
  }
}

/** `#/source/trades?file=src%2Frisk.ts&line=42` */
export function addressOf({ view, service, open }: Place): string {
  const path = service === undefined ? view : `${view}/${encodeURIComponent(service)}`;
  const search = new URLSearchParams(open).toString();
  return `#/${path}${search === '' ? '' : `?${search}`}`;
}

function parsePlace(hash: string): Place {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [view, service] = path.split('/');
  return {
    view: VIEWS.find((known) => known === view) ?? 'source',
    service: service === undefined || service === '' ? undefined : decodeURIComponent(service),
    open: Object.fromEntries(new URLSearchParams(search)),
  };
}

function withoutAbsent(open: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(open).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

export const route: Route = new Route();
