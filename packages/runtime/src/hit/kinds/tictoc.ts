import type { LineHook, LinePlace } from '@dormouse/protocol';
import { currentRequest } from '../../context/current.js';
import { monotonicMs } from '../../intrinsics.js';
import type { CallHook } from '../../switchboard/call-hooks.js';
import { layOutFrame, type Frame } from '../frame.js';
import { OpenTics } from '../metrics/open-tics.js';
import { openRecorder } from '../metrics/recorder.js';
import { copyLine, passesOf, type Plug } from '../plug.js';
import type { OpenKind } from './kind.js';

/** The two lines of a tictoc. */
interface Lines {
  readonly from: LinePlace;
  readonly to: LinePlace;
}

/** The frame of hits at which no expression is read. */
const UNREAD: Frame = [];

/** What happens at them. Where both are the same line, its hit ends what the one before it began. */
interface Beats {
  /** @param call that the lines are of, where calls are followed */
  tic(values: readonly unknown[], call?: unknown): void;
  toc(values: readonly unknown[], call?: unknown): void;
  /** No toc will come of this call. */
  abandon(call: unknown): void;
}

/**
 * How long it takes from one line to another, in the same call or the same request. The condition is asked at the tic, the
 * key is read at the toc. A tic before the toc begins anew; tics that get no toc are counted.
 */
export const openTictoc: OpenKind = (gate) => {
  const { account, command, layout } = gate;
  const { condition, metric, place, until, within = 'call' } = command;
  if (place.on !== 'line' || until === undefined) throw new Error('a tictoc needs two lines');
  const tocLayout = layOutFrame(until);
  const { recording, record } = openRecorder(gate, 'distribution', tocLayout);
  const tics = new OpenTics();
  const ownerOf = within === 'request' ? currentRequest : (call: unknown) => call;
  /** The call of a tic, on its way from the hook to `begin`. */
  let latest: unknown;

  function begin(): void {
    account.matched++;
    const owner = ownerOf(latest);
    if (owner === undefined) {
      account.skipped.noRequest++;
      return;
    }
    const opened = tics.open(owner, monotonicMs());
    if (opened === 'noRoom') account.skipped.tooManyOpen++;
    if (opened === 'replaces') recording.window.fail('unfinished');
  }

  const beats: Beats = {
    tic(values, call) {
      latest = call;
      gate.pass(condition === undefined ? UNREAD : copyLine(values, layout), begin, begin);
      latest = undefined;
    },
    toc(values, call) {
      if (tics.count === 0) return;
      const now = monotonicMs();
      gate.follow(() => {
        const since = tics.close(ownerOf(call));
        if (since === undefined) return;
        record(metric?.by === undefined ? UNREAD : copyLine(values, tocLayout), now - since);
      });
    },
    abandon(call) {
      if (tics.count === 0) return;
      gate.follow(() => {
        if (tics.close(call) !== undefined) recording.window.fail('unfinished');
      });
    },
  };
  const lines = { from: place, to: until };
  return {
    plugs: within === 'request' ? withinRequests(lines, beats) : withinCalls(lines, beats),
    settle: () => recording.settle(),
    flush() {
      const unfinished = tics.clear();
      if (unfinished > 0) recording.window.fail('unfinished', unfinished);
      recording.flush();
    },
  };
};

/** Each call of the function is its own owner, so that recursion and calls that overlap cannot mix. */
function withinCalls({ from, to }: Lines, { tic, toc, abandon }: Beats): readonly Plug[] {
  const hook: CallHook = {
    entered: () => ({}),
    lines: {
      points: [from, to].map((place) => ({ index: place.pointIndex, passes: passesOf(place) })),
      reached(call, point, values) {
        if (point === to.pointIndex) toc(values, call);
        if (point === from.pointIndex) tic(values, call);
      },
    },
    returned: abandon,
    threw: abandon,
    ended: abandon,
  };
  return [{ on: 'call', at: from, hook }];
}

/** What is plugged in first is called first, where both are the same line. */
function withinRequests({ from, to }: Lines, { tic, toc }: Beats): readonly Plug[] {
  const ticHook: LineHook = (...values) => tic(values);
  const tocHook: LineHook = (...values) => toc(values);
  return [
    { on: 'line', at: to, hook: tocHook },
    { on: 'line', at: from, hook: ticHook },
  ];
}
