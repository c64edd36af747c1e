export type View = 'source' | 'evidence' | 'tail' | 'fleet' | 'governance';

const VIEWS: readonly View[] = ['source', 'evidence', 'tail', 'fleet', 'governance'];

export interface Place {
  readonly view: View;
  readonly service: string | undefined;
  /** What is open in the view: `file`, `line`, `probe`, `capture`, `section`. */
  readonly open: Readonly<Record<string, string>>;
}

/** Where in the console one is. It is all in the address, so that a link shows another person the same. */
class Route {
  place: Place = $state.raw(parsePlace(location.hash));

  constructor() {
    addEventListener('hashchange', () => (this.place = parsePlace(location.hash)));
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
