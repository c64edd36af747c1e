import { z } from 'zod';

/** The small texts that many schemas share. Bounds are in UTF-16 units. */

export const MAX_NAME = 256;
export const WITHOUT_CONTROLS = /^[^\p{Cc}]*$/u;

/** A name, path or identifier: not empty, on one line. */
export const name = z
  .string()
  .min(1)
  .max(MAX_NAME)
  .regex(WITHOUT_CONTROLS, 'must not contain control characters');

/** A path relative to a project's root, or a sentence about a file. */
export const longName = z.string().min(1).max(4_096);

export const MAX_TEXT = 65_536;

/** The start of an endless text: tags, labels, error messages. */
export const text = z.string().max(MAX_TEXT);

/** A count from 0. */
export const count = z.int().min(0);

/** A line or column: both count from 1. */
export const position = z.int().min(1);

/** In July 2554: the last moment that OpenTelemetry's 64 bits of nanoseconds can tell. Of 1e308 nobody could make a date. */
export const LAST_MOMENT = 18_446_744_073_709;

/** ms since 1970. */
export const time = z.number().min(0).max(LAST_MOMENT);
