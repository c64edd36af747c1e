import {
  CAPTURE_FILE_FORMAT,
  CAPTURE_FILE_LIMITS,
  CAPTURE_FILE_VERSION,
  type CaptureFileHeader,
  type CaptureView,
  type ExportedBuild,
  type ProbeView,
} from '@dormouse/protocol';
import type { z } from 'zod';
import { captureView } from '../../schemas/capture.js';
import { exportedBuild, fileHeader } from '../../schemas/capture-file.js';
import { probeView } from '../../schemas/probe.js';
import { firstProblem } from '../../schemas/problem.js';
import { LinesError } from './lines.js';

/** What a line of a file tells, after the header. */
export type Told =
  | { readonly probe: ProbeView }
  | { readonly build: ExportedBuild }
  | { readonly capture: CaptureView };

/** What a file says first, and then the rest of it. */
export interface CaptureFile {
  readonly header: CaptureFileHeader;
  readonly lines: AsyncGenerator<Told>;
}

/**
 * Reads captures from the lines of a file: everything in it is checked, each line for itself, and that nothing is missing at its end.
 * @throws {LinesError}
 */
export async function readCaptureFile(lines: AsyncGenerator<string>): Promise<CaptureFile> {
  const first = await lines.next();
  return { header: readHeader(first.done === true ? undefined : first.value), lines: readRest(lines) };
}

function readHeader(line: string | undefined): CaptureFileHeader {
  const header = parse(line ?? '');
  if (field(header, 'format') !== CAPTURE_FILE_FORMAT) {
    throw new LinesError('This is no file of captures: "dormouse captures export" writes them.');
  }
  const version = field(header, 'version');
  if (typeof version === 'number' && version > CAPTURE_FILE_VERSION) {
    throw new LinesError(
      `The file is of version ${version}, and this collector reads up to version ${CAPTURE_FILE_VERSION}. Update the collector.`,
    );
  }
  return check(fileHeader, header, 1);
}

async function* readRest(lines: AsyncGenerator<string>): AsyncGenerator<Told> {
  let number = 1;
  let captures = 0;
  for await (const text of lines) {
    number++;
    const line = parse(text);
    const [[kind, value] = [], ...more] =
      typeof line === 'object' && line !== null ? Object.entries(line) : [];
    if (more.length > 0) throw new LinesError('it tells more than one thing', number);
    switch (kind) {
      case 'probe':
        yield { probe: check(probeView, value, number) };
        break;
      case 'build':
        yield { build: check(exportedBuild, value, number) };
        break;
      case 'capture':
        captures++;
        if (captures > CAPTURE_FILE_LIMITS.captures) {
          throw new LinesError(`It has more than ${CAPTURE_FILE_LIMITS.captures} captures.`);
        }
        yield { capture: check(captureView, value, number) };
        break;
      case 'end':
        return await requireEnd(lines, value, captures, number);
      default:
        throw new LinesError('it is no JSON, or tells nothing that is known', number);
    }
  }
  throw new LinesError(
    `The file ends after line ${number}, and not with its last line: a part of it is missing.`,
  );
}

async function requireEnd(
  lines: AsyncGenerator<string>,
  end: unknown,
  captures: number,
  number: number,
): Promise<void> {
  if (field(end, 'captures') !== captures) {
    throw new LinesError(
      `The file says that it has ${String(field(end, 'captures'))} captures, and has ${captures}: a part of it is missing.`,
    );
  }
  if ((await lines.next()).done !== true) throw new LinesError('there is more behind the end', number + 1);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

function check<Output>(schema: z.ZodType<Output>, value: unknown, line: number): Output {
  const result = parseWithin(schema, value, line);
  if (result.success) return result.data;
  const { path, message } = firstProblem(result.error);
  throw new LinesError(path === '' ? message : `${path}: ${message}`, line);
}

/** A schema goes as deep as a value does, and JSON may be deeper than any stack. */
function parseWithin<Output>(schema: z.ZodType<Output>, value: unknown, line: number) {
  try {
    return schema.safeParse(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new LinesError('it is nested too deeply', line);
  }
}
