import { PATH_LIMITS } from '@dormouse/protocol';
import type { RequestIdentity } from '../../context/slot.js';
import { firstKey, mapDelete, mapGet, mapSet, openMap } from '../../intrinsics.js';
import { isMemoryFull } from './room.js';
import type { Recording } from './recording.js';

/** The recordings of one probe that are under way. */
export class Recordings {
  readonly #open = openMap<Recording, true>();
  /** The latest of each request. */
  readonly #byRequest = openMap<RequestIdentity, Recording>();
  #count = 0;

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  get isFull(): boolean {
    return this.#count >= PATH_LIMITS.recordings || isMemoryFull();
  }

  /** The one that began first. */
  get oldest(): Recording | undefined {
    return firstKey(this.#open);
  }

  ofRequest(request: RequestIdentity): Recording | undefined {
    return mapGet(this.#byRequest, request);
  }

  open(recording: Recording): void {
    mapSet(this.#open, recording, true);
    this.#count++;
    if (recording.request !== undefined) mapSet(this.#byRequest, recording.request, recording);
  }

  /** Nothing more is recorded, and there is room for another. */
  close(recording: Recording): void {
    if (!mapDelete(this.#open, recording)) return;
    this.#count--;
    const { request } = recording;
    if (request !== undefined && this.ofRequest(request) === recording) mapDelete(this.#byRequest, request);
    recording.close();
  }

  /** Not for the hit path. */
  list(): Recording[] {
    return [...this.#open.keys()];
  }
}
