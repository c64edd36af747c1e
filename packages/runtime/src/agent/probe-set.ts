import { isMainThread } from 'node:worker_threads';
import { readsRedacted, redaction } from '@dormouse/expression/redaction';
import type { DisarmCause, DropReason, ProbeCommand, ProbeReport } from '@dormouse/protocol';
import { openAccount, report } from '../hit/account.js';
import { errorText } from '../hit/error-text.js';
import type { HitEnvironment } from '../hit/gate.js';
import type { Plug } from '../hit/plug.js';
import { Probe } from '../hit/probe.js';
import { expressionsOf } from '../policy/expressions.js';
import type { Policy, Prohibition } from '../policy/policy.js';
import type { PlugResult, Switchboard } from '../switchboard/switchboard.js';
import type { InvalidCommand } from '../transport/incoming.js';

/** All probes of this process, kept in line with what the collector wants. */
export interface ProbeSet {
  /** Whether no probe is armed or waits for its file. */
  readonly isIdle: boolean;
  /** Brings the set to the wanted state: what is new is armed, what is missing is disarmed. */
  apply(wanted: readonly (ProbeCommand | InvalidCommand)[]): void;
  /** A woven file was evaluated: probes that waited for it are armed, the others say anew what they wait for. */
  fileLoaded(): void;
  /** The policy has changed: what it forbids is disarmed, what it forbade is armed again. */
  enforce(): void;
  /** Does what hits and the clock have left to do: probes that expired, failed or are through leave their points. */
  settle(): void;
  /** Ships what probes still hold, for a process that is about to exit. */
  flush(): void;
  disarmAll(cause: DisarmCause): void;
  countDrop(probe: string, reason: DropReason): void;
  /** Where every probe stands; those that were removed are told of once more and then forgotten. */
  takeReports(): ProbeReport[];
}

interface Entry {
  readonly probe: Probe;
  plugged: boolean;
  /** Those of its optional plugs that are plugged in. */
  options: ReadonlySet<Plug>;
  removed: boolean;
}

type Refusal = Exclude<PlugResult, 'plugged'>;

const refusals: Readonly<Record<Refusal, readonly [DisarmCause, string]>> = {
  notLoaded: [
    'unknownFile',
    'The build that runs has no such file: place the probe in the build of this process.',
  ],
  contractMismatch: [
    'contractMismatch',
    'The file was woven by another version of Dormouse: weave and run with the same version.',
  ],
  noSwitch: ['error', 'The program has taken away the global that switches this function.'],
};

/** Causes that pass when the policy changes: then the probe is armed again. */
const PROHIBITED: ReadonlySet<DisarmCause | undefined> = new Set<Prohibition[0]>([
  'killSwitch',
  'denied',
  'lifetimeLimit',
]);

const readsSecret = (name: string): Prohibition => [
  'denied',
  `An expression reads ${name}, which is redacted in this process now.`,
];

const UNWOVEN =
  'This process runs unwoven code: no woven file has been loaded. Build it with `dormouse tsc` and start it again.';

/**
 * @param knowsFile whether the running build has a woven file of that id; unsure is yes
 * @param forbids see {@link Policy.forbids}
 */
export function createProbeSet(
  switchboard: Switchboard,
  environment: HitEnvironment,
  knowsFile: (file: string) => boolean,
  forbids: Policy['forbids'],
): ProbeSet {
  const entries = new Map<string, Entry>();
  const invalid = new Map<string, ProbeReport>();

  function add(command: ProbeCommand | InvalidCommand): void {
    if ('invalid' in command) {
      invalid.set(command.id, invalidReport(command));
      return;
    }
    try {
      const entry = {
        probe: new Probe(command, environment),
        plugged: false,
        options: new Set<Plug>(),
        removed: false,
      };
      entries.set(command.id, entry);
      place(entry);
    } catch (error) {
      invalid.set(command.id, invalidReport({ id: command.id, invalid: errorText(error) }));
    }
  }

  /** Arms the probe, or says why not. It is live before it is plugged in: the next hit may come at once. */
  function place(entry: Entry): void {
    const { probe } = entry;
    const prohibition = prohibitionOf(probe);
    if (prohibition !== undefined) {
      probe.disarm(...prohibition);
      return;
    }
    probe.arm();
    const result = tryPlug(probe);
    entry.plugged = result === 'plugged';
    if (entry.plugged) {
      plugOptions(entry);
      return;
    }
    if (result === 'notLoaded' && probe.plugs.every(({ at }) => knowsFile(at.file)))
      probe.wait(runsUnwoven() ? UNWOVEN : 'Waits until its file is loaded.');
    else probe.disarm(...refusals[result as Refusal]);
  }

  function prohibitionOf({ command, plugs }: Probe): Prohibition | undefined {
    for (const { at } of plugs) {
      const prohibition = forbids(at);
      if (prohibition !== undefined) return prohibition;
    }
    for (const expression of expressionsOf(command)) {
      const name = readsRedacted(expression, redaction());
      if (name !== undefined) return readsSecret(name);
    }
    return undefined;
  }

  /** A worker thread may well run nothing of the build. */
  const runsUnwoven = (): boolean => isMainThread && switchboard.isEmpty;

  /** All of its hooks or none. */
  function tryPlug({ plugs }: Probe): PlugResult {
    for (const [index, plug] of plugs.entries()) {
      const result = tryPlugOne(plug);
      if (result === 'plugged') continue;
      for (const plugged of plugs.slice(0, index)) pullOut(plugged);
      return result;
    }
    return 'plugged';
  }

  function tryPlugOne(plug: Plug): PlugResult {
    try {
      return plug.on === 'line'
        ? switchboard.plug(plug.at, plug.hook)
        : switchboard.plugCalls(plug.at, plug.hook);
    } catch {
      return 'noSwitch';
    }
  }

  /** As far as it can be done: the probe does its work without them. */
  function plugOptions(entry: Entry): void {
    if (!entry.plugged) return;
    const allowed = entry.probe.optionalPlugs.filter(({ at }) => forbids(at) === undefined);
    for (const plug of entry.options) if (!allowed.includes(plug)) pullOut(plug);
    entry.options = new Set(
      allowed.filter((plug) => entry.options.has(plug) || tryPlugOne(plug) === 'plugged'),
    );
  }

  function pullOut(plug: Plug): void {
    if (plug.on === 'line') switchboard.unplug(plug.at, plug.hook);
    else switchboard.unplugCalls(plug.at, plug.hook);
  }

  function unplug(entry: Entry): void {
    if (!entry.plugged) return;
    entry.plugged = false;
    for (const plug of [...entry.probe.plugs, ...entry.options]) pullOut(plug);
    entry.options = new Set();
  }

  function disarm(entry: Entry, cause: DisarmCause, message?: string): void {
    if (entry.probe.state !== 'disarmed') entry.probe.disarm(cause, message);
    unplug(entry);
  }

  /** The same for a cause that passes, which takes the place of another such one. */
  function suspend(entry: Entry, cause: DisarmCause, message?: string): void {
    if (PROHIBITED.has(entry.probe.cause)) entry.probe.disarm(cause, message);
    disarm(entry, cause, message);
  }

  return {
    get isIdle() {
      return [...entries.values()].every(({ probe }) => probe.state === 'disarmed');
    },

    apply(wanted) {
      const ids = new Set(wanted.map((command) => command.id));
      for (const [id, entry] of entries) {
        if (ids.has(id)) continue;
        disarm(entry, 'removed');
        entry.removed = true;
      }
      invalid.clear();
      for (const command of wanted) {
        const known = entries.get(command.id);
        if (known === undefined) {
          add(command);
          continue;
        }
        if (!('invalid' in command)) known.probe.update(command);
        if (known.removed || known.probe.cause === 'collectorLost' || known.probe.mayGoOn) {
          known.removed = false;
          unplug(known);
          place(known);
        } else plugOptions(known);
      }
    },

    fileLoaded() {
      for (const entry of entries.values()) {
        if (entry.probe.state === 'received') place(entry);
        else plugOptions(entry);
      }
    },

    enforce() {
      for (const entry of entries.values()) {
        const { cause } = entry.probe;
        const prohibition = prohibitionOf(entry.probe);
        if (prohibition !== undefined) suspend(entry, ...prohibition);
        else if (!entry.removed && PROHIBITED.has(cause)) place(entry);
        else plugOptions(entry);
      }
    },

    settle() {
      for (const entry of entries.values()) {
        entry.probe.settle();
        if (entry.probe.state === 'disarmed') unplug(entry);
      }
    },

    flush() {
      for (const { probe } of entries.values()) probe.flush();
    },

    disarmAll(cause) {
      for (const entry of entries.values()) suspend(entry, cause);
    },

    countDrop(probe, reason) {
      entries.get(probe)?.probe.countDrop(reason);
    },

    takeReports() {
      const reports = [...entries.values()].map(({ probe }) => probe.report());
      for (const [id, { removed }] of entries) if (removed) entries.delete(id);
      return [...reports, ...invalid.values()];
    },
  };
}

const invalidReport = ({ id, invalid }: InvalidCommand): ProbeReport =>
  report(id, {
    ...openAccount(),
    state: 'disarmed',
    cause: 'invalid',
    message: `The probe is not valid: ${invalid}`,
  });
