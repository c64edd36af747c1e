import {
  CAPTURE_FILE_FORMAT,
  CAPTURE_FILE_VERSION,
  type CaptureFileHeader,
  type ExportedBuild,
  type ImportDetails,
  type ImportView,
} from '@dormouse/protocol';
import { z } from 'zod';
import { probeView } from './probe.js';
import { count, name, time } from './text.js';

/** The lines of a file of captures, see `capture-file.ts` of the protocol. */

export const fileHeader: z.ZodType<CaptureFileHeader> = z.object({
  format: z.literal(CAPTURE_FILE_FORMAT),
  version: z.literal(CAPTURE_FILE_VERSION),
  exportedAt: time,
  collector: name,
});

export const exportedBuild: z.ZodType<ExportedBuild> = z
  .object({
    buildId: name,
    service: name,
    commit: name.exactOptional(),
    files: count.exactOptional(),
    functions: count.exactOptional(),
    points: count.exactOptional(),
    skipped: count.exactOptional(),
  })
  .meta({
    id: 'ExportedBuild',
    description: 'A build by its identity, and in numbers where they were known.',
  });

const summary = {
  id: name,
  importedAt: time,
  by: z.string().meta({ description: 'Who did it.' }),
  exportedAt: time,
  captures: count,
  bytes: count,
  hidden: count.meta({ description: 'Values that were hidden by the rules of here.' }),
};

export const importView: z.ZodType<ImportView> = z
  .object(summary)
  .meta({ id: 'Import', description: 'Captures that came from a file.' });

export const importDetails: z.ZodType<ImportDetails> = z
  .object({ ...summary, probes: z.array(probeView), builds: z.array(exportedBuild) })
  .meta({
    id: 'ImportDetails',
    description: 'An import with the probes and builds that its captures are of.',
  });
