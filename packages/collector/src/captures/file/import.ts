import type { Readable } from 'node:stream';
import {
  CAPTURE_FILE_LIMITS,
  type CaptureView,
  type ExportedBuild,
  type ImportDetails,
  type ProbeView,
} from '@dormouse/protocol';
import type { Caller } from '../../auth/caller.js';
import { CollectorError } from '../../collector-error.js';
import type { Core } from '../../core.js';
import type { ImportedCapture } from '../../storage/contract/imports.js';
import { hidingIn } from '../accept.js';
import { Hiding } from '../hide.js';
import { TOO_DEEP } from '../values.js';
import { importedId, newImportId } from './imported.js';
import { LinesError, linesOf } from './lines.js';
import { readCaptureFile } from './read.js';

/** Captures stored at once. */
const BATCH = 200;

/**
 * Keeps the captures of a file, all of them or none. They are imported ones wherever they are shown; what the rules of here hide
 * is hidden in them too.
 * @throws {CollectorError} INVALID_FILE that says which line is wrong; LIMIT_EXCEEDED
 */
export async function importCaptures(core: Core, file: Readable, caller: Caller): Promise<ImportDetails> {
  const { imports } = core.storage;
  const id = newImportId();
  const importedAt = Date.now();
  await imports.begin(id, importedAt);
  try {
    const room = CAPTURE_FILE_LIMITS.importedBytes - (await bytesOfImports(core));
    const { header, lines } = await readCaptureFile(linesOf(file, CAPTURE_FILE_LIMITS));
    const intake = new Intake(core, id, room);
    for await (const line of lines) await intake.take(line);
    await intake.store();
    const { exportedAt } = header;
    const details = { id, importedAt, by: caller.name, exportedAt, ...intake.counted };
    await imports.finish(details);
    return details;
  } catch (error) {
    await imports.delete(id);
    throw error instanceof LinesError ? invalidFile(error) : error;
  }
}

async function bytesOfImports({ storage }: Core): Promise<number> {
  return (await storage.imports.list()).reduce((sum, { bytes }) => sum + bytes, 0);
}

function invalidFile({ line, message }: LinesError): CollectorError {
  if (line === undefined) return new CollectorError('INVALID_FILE', `${message} Nothing was imported.`);
  return new CollectorError('INVALID_FILE', `Line ${line} is damaged: ${message}. Nothing was imported.`, {
    path: `line ${line}`,
  });
}

/** Takes what a file tells, and stores its captures in batches. */
class Intake {
  readonly #core: Core;
  readonly #id: string;
  readonly #room: number;
  readonly #hide = new Map<string, ReturnType<typeof hidingIn>>();
  readonly #probes = new Map<string, ProbeView>();
  readonly #builds = new Map<string, ExportedBuild>();
  #batch: ImportedCapture[] = [];
  #captures = 0;
  #bytes = 0;
  #hidden = 0;

  constructor(core: Core, id: string, room: number) {
    this.#core = core;
    this.#id = id;
    this.#room = room;
  }

  get counted(): Pick<ImportDetails, 'captures' | 'bytes' | 'hidden' | 'probes' | 'builds'> {
    return {
      captures: this.#captures,
      bytes: this.#bytes,
      hidden: this.#hidden,
      probes: [...this.#probes.values()],
      builds: [...this.#builds.values()],
    };
  }

  async take(
    told:
      | { readonly probe: ProbeView }
      | { readonly build: ExportedBuild }
      | { readonly capture: CaptureView },
  ): Promise<void> {
    if ('probe' in told) this.#probes.set(told.probe.id, told.probe);
    else if ('build' in told) this.#builds.set(`${told.build.service} ${told.build.buildId}`, told.build);
    else await this.#takeCapture(told.capture);
    if (Math.max(this.#probes.size, this.#builds.size) > CAPTURE_FILE_LIMITS.probes) {
      throw new LinesError(`It has more than ${CAPTURE_FILE_LIMITS.probes} probes or builds.`);
    }
  }

  async #takeCapture(told: CaptureView): Promise<void> {
    const { capture, hidden } = this.#hideIn(told);
    const { cursor: _there, ...rest } = capture;
    const number = ++this.#captures;
    const imported = { import: this.#id, id: told.imported?.id ?? told.id };
    const all = hidden + (told.hidden ?? 0);
    this.#batch.push({
      number,
      capture: { ...rest, id: importedId(this.#id, number), ...(all > 0 && { hidden: all }), imported },
    });
    this.#hidden += hidden;
    if (this.#batch.length >= BATCH) await this.store();
  }

  #hideIn(capture: CaptureView): { readonly capture: CaptureView; readonly hidden: number } {
    const { service } = capture;
    const hide =
      this.#hide.get(service) ?? hidingIn(new Hiding(this.#core.policies.placingIn(service).redaction));
    this.#hide.set(service, hide);
    try {
      return hide(capture);
    } catch (error) {
      if (error !== TOO_DEEP) throw error;
      throw new LinesError('It has a capture that is nested more deeply than any process captures.');
    }
  }

  async store(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#bytes += batch.reduce((sum, { capture }) => sum + Buffer.byteLength(JSON.stringify(capture)), 0);
    if (this.#bytes > this.#room) {
      throw new CollectorError(
        'LIMIT_EXCEEDED',
        `With these captures, all imports would have more than ${CAPTURE_FILE_LIMITS.importedBytes} bytes. Delete some.`,
      );
    }
    await this.#core.storage.imports.add(this.#id, batch);
  }
}
