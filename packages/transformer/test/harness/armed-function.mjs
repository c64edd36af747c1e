/**
 * A function with everything armed: what stands in its switch field, see `woven.ts` of the protocol. It is the
 * contract as somebody else would implement it. Plain JavaScript, because every Node version under test runs it.
 *
 * @param woven the function's entry in the manifest
 * @param lineHook gives the hook of a point, which is told the call, where its frame was passed, in front of the values
 * @param began is called as a call begins, with `this` and the parameters, and whether the second body runs, whose every
 * end is seen; it returns the call, which has `ended(how, value?)`, `suspended()` and `resumed()`
 * @param report is told what contradicts the contract
 */
export function armedFunction(woven, lineHook, began, report) {
  const calls = new WeakMap();
  /** In their second bodies. */
  const running = [];
  /** Stands for all calls of a function that does not tell of them. */
  const untold = {};
  const armed = Object.setPrototypeOf((twin, self, ...parameters) => {
    const values = [self, ...parameters.slice(0, woven.parameters.length)];
    const call = began(values, /* inTwin: */ true);
    const frame = openFrame(call);
    let value;
    running.push(call);
    try {
      value = Reflect.apply(twin, self, [armed, ...parameters]);
    } catch (error) {
      frame.t(error);
      throw error;
    } finally {
      running.pop();
    }
    frame.x(value);
    return value;
  }, null);
  for (const point of woven.points) {
    armed[`l${point.index}`] = unpacked(woven, point, lineHook(point), { calls, running, untold, report });
  }
  armed.e = (...values) => {
    const call = began(values, /* inTwin: */ false);
    const frame = openFrame(call);
    calls.set(frame, call);
    return frame;
  };
  return armed;
}

/**
 * Checks how many values a line passes, that the frame behind them is one of its function's, and that the branching
 * statement around it was reached before it.
 */
function unpacked({ form, exits }, point, hook, { calls, running, untold, report }) {
  const { line, locals, outers } = point;
  const count = 1 + locals.length + (outers ? 1 : 0);
  return (...values) => {
    const rest = values.length - count;
    // A function with two bodies has a third one in the twin around it, which is inline.
    const hasFrame = form === 'inline' ? exits !== 'none' : rest === 1;
    if (rest !== Number(hasFrame)) report(`line ${line} passes ${values.length} values, not ${count}`);
    const call = calls.get(values[count]);
    if (hasFrame && call === undefined) report(`line ${line} passes no frame of its function`);
    checkBranch(point, call ?? running.at(-1) ?? untold, report);
    if (hasFrame) values.pop();
    hook(call, ...values);
  };
}

function checkBranch({ index, line, branch }, call, report) {
  call.reached ??= new Set();
  call.reached.add(index);
  if (branch && !call.reached.has(branch[0])) report(`line ${line} is reached before its branch`);
}

function openFrame(call) {
  let open = true;
  const end = (how, value) => {
    if (open) call.ended(how, value);
    open = false;
  };
  const frame = {
    x: (value) => (value === frame ? end('ended') : end('returned', value)),
    t: (error) => end('threw', error),
    a: () => call.suspended(),
    r: () => call.resumed(),
  };
  return frame;
}
