import { session } from '../../../state/session.svelte.js';
import { covers } from '../rights/covers.js';

/**
 * Whoever works in a place that is no longer called so goes on in another one.
 * @param place as it was called, or one around it
 * @param next as it is called now
 */
export function workElsewhere(place: string, next: string): void {
  const { environment } = session;
  if (environment !== undefined && covers(place, environment))
    session.choose(next + environment.slice(place.length));
}
