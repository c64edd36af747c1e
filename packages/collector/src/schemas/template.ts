import type {
  PlaceTemplateRequest,
  TemplateParameter,
  TemplateRequest,
  TemplateView,
} from '@dormouse/protocol';
import { z } from 'zod';
import { count, name, time } from './text.js';

const value = z.union([z.string().max(10_000), z.number(), z.boolean()]);
const description = z.string().max(2_000);

const parameters = z.record(
  z.string().regex(/^[A-Za-z_]\w{0,63}$/u, 'must be a name'),
  z.strictObject({
    type: z.enum(['text', 'number', 'boolean', 'expression']).meta({
      description: 'In expressions texts become literals; only an `expression` is written as it is.',
    }),
    description: description.exactOptional(),
    default: value.exactOptional(),
  }) satisfies z.ZodType<TemplateParameter>,
);

const request = z.record(z.string(), z.unknown()).meta({
  description: 'As ProbeRequest, with `@{parameter}` in its texts; alone, also in place of numbers.',
});

/** The body of `PUT /templates/:name`. */
export const templateRequest = z
  .strictObject({
    description: description.exactOptional(),
    request: request.exactOptional(),
    probe: name.meta({ description: 'Instead of a request: that of this probe.' }).exactOptional(),
    parameters: parameters.exactOptional(),
    version: count
      .meta({
        description: 'Of the version this one follows, 0 for none: refused if another one does already.',
      })
      .exactOptional(),
  })
  .meta({
    id: 'TemplateRequest',
    description: 'A new version of a template.',
  }) satisfies z.ZodType<TemplateRequest>;

export const templateView: z.ZodType<TemplateView> = z
  .object({
    name,
    version: count,
    description: description.exactOptional(),
    request,
    parameters,
    service: name.meta({ description: 'Of its probes, if it is always the same.' }).exactOptional(),
    savedBy: z.string(),
    createdAt: time,
  })
  .meta({ id: 'Template', description: 'A saved request of a probe.' });

/** The body of `POST /templates/:name/place`. */
export const placeTemplateRequest = z
  .strictObject({
    version: count.meta({ description: 'The latest without it.' }).exactOptional(),
    values: z.record(z.string(), value).exactOptional(),
    changes: z
      .record(z.string(), z.unknown())
      .meta({ description: 'A JSON merge patch (RFC 7396) of the request, as it is with all values.' })
      .exactOptional(),
  })
  .meta({ id: 'PlaceTemplateRequest' }) satisfies z.ZodType<PlaceTemplateRequest>;
