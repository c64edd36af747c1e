import { z } from 'zod';
import { name } from '../schemas/text.js';
import { buildOutline } from '../schemas/views.js';
import { defineOperation } from './operation.js';

export const getBuild = defineOperation({
  name: 'getBuild',
  summary: 'Outline a build',
  description: 'The woven files of a build in numbers, and the files left unwoven with the reason.',
  tag: 'builds',
  method: 'GET',
  path: '/builds/:id',
  permission: 'builds:read',
  params: z.strictObject({ id: name }),
  output: buildOutline,
  outputDescription: 'The outline.',
  errors: ['UNKNOWN_BUILD'],
  run: ({ builds }, { params }) => builds.outline(params.id),
});
