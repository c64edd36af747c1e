import { DEFAULT_PATH_CAPTURE_LIMITS, type StepPoint } from '@dormouse/protocol';
import { warmUp } from '../../capture/warm-up.js';
import { followedFunction } from './followed-function.js';
import { Recording } from './recording.js';

/** After as many steps what recording does is compiled, if not optimised. */
const STEPS = 90;

let isWarm = false;

/**
 * Records a call that there is not, so that no request pays for code that runs for the first time. To be called off the hit
 * path, before the first path is armed: it takes some milliseconds once, then does nothing.
 */
export function warmUpPaths(): void {
  warmUp();
  if (isWarm) return;
  isWarm = true;
  const fn = followedFunction(SAMPLE);
  const recording = new Recording(fn, [], undefined, {
    steps: STEPS >> 1,
    capture: DEFAULT_PATH_CAPTURE_LIMITS,
  });
  const held = { id: 1, name: 'sample', list: [1, 2], total: 0 };
  const list = ['a'];
  const outers = (): readonly unknown[] => [held];
  for (let step = 0; step < STEPS; step++) {
    if (step % 10 === 0) held.total = step;
    recording.step(recording.root, step % SAMPLE.points.length, [held, step, `${step}`, list, held, outers]);
  }
  recording.end(recording.root, 'returned', undefined);
  recording.path('returned');
  recording.close();
}

const point = (line: number, branch?: StepPoint['branch']): StepPoint => ({
  line,
  column: 1,
  self: true,
  locals: [0, 1, 2, 3],
  outers: [4],
  ...(branch !== undefined && { branch }),
});

const SAMPLE = {
  file: '',
  functionIndex: 0,
  function: 'sample',
  source: '',
  synchronous: true,
  self: true,
  names: ['step', 'text', 'list', 'object', 'outer'],
  parameters: [],
  points: [point(1), point(2, [0, 'then']), point(3)],
};
