import type { CaptureStore, StoredWindow } from '../storage/contract/captures.js';

/** Read at once; between two of them others have their turn. */
const PAGE = 1_000;

/** The windows of a probe that are stored, in the order of arrival. @param after a cursor: only what came later */
export async function* windowsOf(
  captures: CaptureStore,
  probe: string,
  after = 0,
): AsyncGenerator<StoredWindow> {
  let page: readonly StoredWindow[];
  do {
    page = await captures.windows(probe, after, PAGE);
    yield* page;
    after = page.at(-1)?.cursor ?? after;
  } while (page.length === PAGE);
}
