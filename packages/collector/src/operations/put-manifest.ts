import { LIMITS } from '@dormouse/protocol';
import { z } from 'zod';
import { manifest } from '../schemas/manifest.js';
import { name } from '../schemas/text.js';
import { buildOutline } from '../schemas/views.js';
import { defineOperation } from './operation.js';

export const putManifest = defineOperation({
  name: 'putManifest',
  summary: 'Upload a manifest',
  description:
    'Makes a build known before, or instead of, a process that sends its manifest: for manifests beyond the ' +
    'size of an agent’s message, and for probes that wait for a deployment. Sending it again changes nothing.',
  tag: 'builds',
  method: 'PUT',
  path: '/manifests',
  permission: 'builds:write',
  query: z.strictObject({
    service: name.meta({ description: 'The service that runs, or will run, the build.' }),
  }),
  body: manifest,
  bodyLimit: LIMITS.manifestBytes,
  output: buildOutline,
  outputDescription: 'The build as it is now known.',
  errors: [],
  async run({ storage, builds, fleet, probes }, { query, body }) {
    await storage.services.remember(query.service);
    await builds.save(body);
    await builds.link(query.service, body.buildId);
    fleet.refresh(query.service);
    probes.processesChanged(query.service);
    return builds.outline(body.buildId);
  },
});
