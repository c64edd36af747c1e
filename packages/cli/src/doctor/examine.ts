import type { ProbeLocation, ProbeView, ServiceView } from '@dormouse/protocol';

import { Client } from '../client/client.js';
import type { Connection } from '../client/connection.js';
import { examineCollector, examineToken } from './collector.js';
import { bad, type Finding } from './finding.js';
import { examinePlace } from './place.js';
import { examineProbe, findProbe } from './probe.js';
import { examineService, findService } from './service.js';

export interface Question {
  /** Default: that of the probe, or all. */
  readonly service?: string | undefined;
  readonly probe?: string | undefined;
  readonly location?: ProbeLocation | undefined;
}

/**
 * Looks at everything that a probe needs, in the order of its life; what cannot be known because something before it is
 * missing is left out.
 */
export async function* examine(
  connection: Connection,
  { service, probe: id, location }: Question,
): AsyncGenerator<Finding> {
  const client = new Client(connection);
  const ahead = yield* examineCollector(connection);
  if (ahead === undefined) return;
  const services = yield* examineToken(client, connection);
  if (services === undefined) return;
  const probe = id === undefined ? undefined : yield* findProbe(client, id);
  if (id !== undefined && probe === undefined) return;
  // All times are the collector's.
  const now = Date.now() + ahead;
  for (const view of yield* meant(services, service ?? probe?.service)) {
    const connected = yield* examineService(client, view, now);
    const place = location ?? placeOf(probe);
    if (place !== undefined) yield* examinePlace(client, view.service, connected, place);
    if (probe !== undefined) yield* examineProbe(client, probe, connected, now);
  }
}

function* meant(
  services: readonly ServiceView[],
  name: string | undefined,
): Generator<Finding, readonly ServiceView[]> {
  if (name !== undefined) {
    const view = yield* findService(services, name);
    return view === undefined ? [] : [view];
  }
  if (services.length === 0)
    yield bad(
      'service',
      'no-service',
      'no service has ever connected to this collector',
      '"dormouse doctor --project DIR" looks at a build before it runs.',
    );
  return services;
}

/** Builds in which it could not be placed say so themselves. */
const placeOf = (probe: ProbeView | undefined): ProbeLocation | undefined =>
  probe === undefined || probe.unplaced.length > 0 || probe.on !== 'line' ? undefined : probe.location;
