import type { EventLog } from '../contract/events.js';
import { capturesBeyond } from './captures.js';
import { lastCursor } from './cursors.js';
import type { Engine } from './engine.js';
import { probesChangedAfter } from './probes.js';

export const sqlEvents = ({ db, snapshot }: Engine): EventLog => ({
  after: (cursor, filter, limit) =>
    snapshot(async (queries) => ({
      captures: await capturesBeyond(queries, filter, cursor, limit, 'oldest'),
      probes: await probesChangedAfter(queries, cursor, filter, limit),
    })),

  last: () => lastCursor(db),
});
