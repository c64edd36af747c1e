import { z } from 'zod';
import { probeView } from '../schemas/probe.js';
import { placeTemplateRequest } from '../schemas/template.js';
import { name } from '../schemas/text.js';
import { placeTemplate as place } from '../templates/templates.js';
import { createProbe } from './create-probe.js';
import { defineOperation } from './operation.js';

export const placeTemplate = defineOperation({
  name: 'placeTemplate',
  summary: 'Place a probe by a template',
  description: 'As `POST /probes` with the template’s request, its parameters filled in.',
  tag: 'probes',
  method: 'POST',
  path: '/templates/:name/place',
  isPerService: true,
  permission: 'probes:write',
  params: z.strictObject({ name }),
  body: placeTemplateRequest,
  output: probeView,
  outputDescription: 'The probe as it was resolved.',
  status: 201,
  errors: createProbe.errors,
  run: (core, { params, body }, caller) => place(core, params.name, body, caller),
});
