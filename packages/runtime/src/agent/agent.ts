import {
  CONTRACT_VERSION,
  LIMITS,
  PROTOCOL_VERSION,
  SWITCH_PREFIX,
  type PolicyMessage,
  type PolicyReport,
  type RedactionRules,
  type WovenFile,
} from '@dormouse/protocol';
import { ProcessBudget } from '../budget/budget.js';
import type { Config } from '../config/config.js';
import { mainDirectory } from '../config/main-script.js';
import { readLiveBuild } from '../config/live-manifest.js';
import { findManifest, readBuild, type Build } from '../config/manifest.js';
import type { Diagnostics } from '../diagnostics.js';
import { after, cancel, every, min, monotonicMs, soon, type Timer } from '../intrinsics.js';
import { errorText } from '../hit/error-text.js';
import { createPolicy } from '../policy/policy.js';
import { applyRedactionRules, protectNames } from '../redact/rules.js';
import { createSourcePositions } from '../stack/source-positions.js';
import { OWN_REALM, realmOf, type Realm } from '../switchboard/realm.js';
import { takeRegistry } from '../switchboard/registry.js';
import { createSwitchboard } from '../switchboard/switchboard.js';
import { compress, pack } from '../transport/codec.js';
import { Connection } from '../transport/connection.js';
import { createOutbox } from '../transport/outbox.js';
import { createWaker } from '../transport/waker.js';
import { identify } from './identity.js';
import { createProbeSet } from './probe-set.js';
import { createStatusLog } from './status.js';
import { process } from '../process.js';

/** A program loads its files in bursts: the collector hears of each burst once. */
const GROWTH_MS = 100;

/** Between two batches while there is little to send. */
const SOON_MS = 10;

/** Node takes a longer time for none. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface Agent {
  /** The kill switch: on, it disarms all probes and keeps others from being armed. */
  kill(on: boolean): void;
  /** Has the woven files of another realm probed too. @param global the realm's global object */
  adopt(global: object): void;
  /** Disarms everything, sends what is left, and leaves the process as if the agent had never been there. */
  stop(): void;
}

/**
 * Puts the parts together: woven files register at the switchboard, the collector's wishes arrive over
 * the connection, probes turn hits into captures, the outbox brings them to the collector.
 *
 * All that repeats is the tick, and only while a probe is armed or something has to be sent: hits
 * themselves create no timer and no promise, so they leave no trace in the program's asynchronous state. The first
 * capture after a while does not wait for the tick.
 */
export function startAgent(config: Config, diagnostics: Diagnostics): Agent {
  const { guard, note } = diagnostics;
  const directory = mainDirectory();
  const { manifest = findManifest(directory) } = config;
  const live = typeof manifest === 'object' ? manifest : undefined;
  let build = typeof manifest === 'object' ? readLiveBuild(manifest) : findBuild(manifest, diagnostics);
  let identity = identify(config, build, directory);
  let lastCapture = 0;
  let revision = 0;
  let applied: PolicyReport = { revision: 0 };
  let ticking: Timer | undefined;
  let orphaned: Timer | undefined;
  let growing: Timer | undefined;
  let tickedAt = 0;
  let isLeaving = false;

  const budget = new ProcessBudget(config.limits);
  const policy = createPolicy(config.deny, () => build?.readManifest());
  protectNames(build?.secretProperties ?? []);
  const switchboard = createSwitchboard();
  const status = createStatusLog();
  const waker = createWaker(guard(work));
  const outbox = createOutbox({
    positions: createSourcePositions(live?.root ?? build?.root, (file) => live?.sourceMap(file), waker.wake),
    budget,
    isOnline: () => connection.isOnline,
    wake: () => (isLeaving ? sendAll() : waker.wake()),
    onDrop: (probe, reason) => probes.countDrop(probe, reason),
  });
  const probes = createProbeSet(
    switchboard,
    {
      budget,
      nextCaptureId: () => `${identity.instance}-${++lastCapture}`,
      enqueue: outbox.offer,
    },
    (file) => build === undefined || build.files.has(file),
    policy.forbids,
  );
  const connection = new Connection(
    config,
    {
      hello: () => ({
        type: 'hello',
        protocol: PROTOCOL_VERSION,
        contract: CONTRACT_VERSION,
        agent: identity,
      }),
      onOnline(manifestNeeded) {
        note(`connected to ${config.url} as ${identity.service} ${identity.instance}`);
        cancel(orphaned);
        orphaned = undefined;
        status.reset();
        if (manifestNeeded) sendManifest();
        grow();
        startTicking();
      },
      onMessage(message) {
        if (message.type === 'stored') {
          outbox.acknowledge(message.batch);
          return;
        }
        if (message.type === 'policy') {
          applyPolicy(message);
          return;
        }
        revision = message.revision;
        probes.apply(message.probes);
        sendStatus();
        startTicking();
      },
      onLost() {
        outbox.connectionLost();
        orphaned ??= after(
          min(budget.limits.orphanMs, LONGEST_TIMER_MS),
          guard(() => probes.disarmAll('collectorLost')),
        );
      },
    },
    diagnostics,
  );

  function sendManifest(): void {
    if (build === undefined) return;
    const { manifestPath } = build;
    const manifest = build.readManifest();
    if (manifest.buildId !== build.buildId) {
      note(`a newer build has replaced the manifest of the one that runs: ${manifestPath}`);
      return;
    }
    const message = pack({ type: 'manifest', manifest });
    if (message.byteLength <= LIMITS.messageBytes) send(compress(message));
    else note(`the manifest is too large for a message, upload it to the collector: ${manifestPath}`);
  }

  /** The loader has woven more: this process now runs the build that has it too. */
  function grow(): void {
    growing = undefined;
    if (live === undefined || !connection.isOnline) return;
    const grown = readLiveBuild(live);
    if (grown === undefined || grown.buildId === build?.buildId) return;
    build = grown;
    identity = { ...identity, buildId: grown.buildId };
    protectNames(grown.secretProperties);
    policy.buildChanged();
    sendManifest();
  }

  function applyPolicy(wanted: PolicyMessage): void {
    const problem = wanted.redaction && applyRedaction(wanted.redaction);
    policy.setRemote(problem === undefined ? wanted : { ...wanted, deny: ['**'] });
    budget.lower(wanted.limits ?? {});
    applied = { revision: wanted.revision, ...(problem !== undefined && { problem }) };
    enforce();
  }

  /** Rules that are not understood would show what they were to hide. @returns why nothing may be captured then */
  function applyRedaction(rules: RedactionRules): string | undefined {
    try {
      applyRedactionRules(rules);
      return undefined;
    } catch (error) {
      const problem = `The redaction rules are not valid, so nothing may be probed: ${errorText(error)}`;
      note(problem);
      return problem;
    }
  }

  function enforce(): void {
    probes.enforce();
    sendStatus();
    startTicking();
  }

  function sendStatus(): void {
    if (!connection.isOnline) return;
    const { pause } = budget;
    const reports = probes
      .takeReports()
      .map((report) => (pause === undefined || report.state !== 'armed' ? report : { ...report, pause }));
    const state = {
      policy: { ...applied, ...(policy.isKilled && { killed: true as const }) },
      ...(pause !== undefined && { pause }),
    };
    const news = status.news(reports, state);
    if (news === undefined) return;
    connection.send({ type: 'status', revision, reports: news, ...state, budget: budget.report() });
  }

  const send = (message: Uint8Array): boolean => connection.sendEncoded(message);

  function tick(): void {
    const now = monotonicMs();
    budget.settle(now, now - tickedAt - LIMITS.flushMs);
    tickedAt = now;
    if (budget.isExhausted !== policy.isExhausted) {
      policy.isExhausted = budget.isExhausted;
      enforce();
    }
    work();
    if (probes.isIdle && outbox.isEmpty) stopTicking();
  }

  function work(): void {
    probes.settle();
    const next = outbox.flush(send);
    if (next === 'now') soon(guard(work));
    else if (next === 'soon') after(SOON_MS, guard(work));
    sendStatus();
  }

  function startTicking(): void {
    if (ticking !== undefined) return;
    tickedAt = monotonicMs();
    ticking = every(LIMITS.flushMs, guard(tick));
    process.on('exit', flushAtExit);
  }

  function stopTicking(): void {
    cancel(ticking);
    ticking = undefined;
    process.off('exit', flushAtExit);
  }

  /** All that waits, and where every probe stands. */
  const sendAll = guard(() =>
    connection.inOnePiece(() => {
      outbox.flushAtExit(send);
      status.reset();
      sendStatus();
    }),
  );

  /** The program's own listeners of `exit` may come after this one: what is captured in them leaves from within the hit. */
  const flushAtExit = guard(() => {
    probes.settle();
    probes.flush();
    sendAll();
    isLeaving = true;
  });

  /** Nobody can place a probe in it. Its paths are in no manifest: its text tells which file it is. */
  function noteStranger({ file }: WovenFile, { manifestPath }: Build): void {
    note(
      `the woven file with ${SWITCH_PREFIX}${file} is not in ${manifestPath}, so it cannot be probed: ` +
        'it is of another build, or was woven by itself; build again, or name its manifest in DORMOUSE_MANIFEST',
    );
  }

  let registries: readonly { readonly realm: Realm; readonly giveBack: () => void }[] = [];

  function adopt(realm: Realm): void {
    const onFile = guard((file: WovenFile) => {
      switchboard.add(file, realm);
      if (live === undefined && build?.files.has(file.file) === false) noteStranger(file, build);
      probes.fileLoaded();
    });
    const known = registries.filter((registry) => registry.realm.global !== undefined);
    registries = [...known, { realm, giveBack: takeRegistry(onFile, realm) }];
  }

  adopt(OWN_REALM);
  live?.onChange(
    guard(() => {
      growing ??= after(GROWTH_MS, guard(grow));
    }),
  );
  connection.start();

  return {
    kill(on) {
      policy.isKilled = on;
      enforce();
    },
    adopt: (global) => adopt(realmOf(global)),
    stop() {
      probes.disarmAll('killSwitch');
      flushAtExit();
      stopTicking();
      waker.close();
      connection.stop();
      cancel(orphaned);
      cancel(growing);
      live?.onChange(() => {});
      for (const { giveBack } of registries) giveBack();
    },
  };
}

function findBuild(manifestPath: string | undefined, { note }: Diagnostics): Build | undefined {
  if (manifestPath === undefined) {
    note('found no manifest: the process is listed without a build');
    return undefined;
  }
  try {
    return readBuild(manifestPath);
  } catch (error) {
    note(`the manifest cannot be used: ${(error as Error).message}`);
    return undefined;
  }
}
