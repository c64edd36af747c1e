/**
 * Arms every point of a woven file with hooks that check what they are passed and change nothing. Plain
 * JavaScript, because every Node version under test runs it.
 */

const FUNCTIONS_PER_SWITCH = 64;

/**
 * Defines a file's switch objects with every field set, before the file does so itself.
 * @param {object} globalObject of the realm in which the file will run
 * @param {object} file its entry in the manifest
 * @param {(sentence: string) => void} report is told what contradicts the manifest
 */
export function armFile(globalObject, file, report) {
  const { functions } = file;
  for (let from = 0; from < functions.length; from += FUNCTIONS_PER_SWITCH) {
    const name = `$dm_${file.id}${from === 0 ? '' : `_${from / FUNCTIONS_PER_SWITCH}`}`;
    const value = from === 0 ? { [name]: 1, w: (first) => first } : { [name]: 1 };
    for (const woven of functions.slice(from, from + FUNCTIONS_PER_SWITCH)) {
      value[`f${woven.index}`] = armedField(woven, (problem) =>
        report(`${file.output}: ${woven.name}: ${problem}`),
      );
    }
    Object.defineProperty(globalObject, name, { value, configurable: true });
  }
}

/** What a runtime would put into the function's field: it enters the second body and carries the hooks. */
function armedField(woven, report) {
  const armed = (twin, self, ...parameters) => Reflect.apply(twin, self, [armed, ...parameters]);
  const frames = new WeakSet();
  for (const point of woven.points) armed[`l${point.index}`] = lineHook(woven, point, frames, report);
  if (woven.exits !== 'none') armed.e = enterHook(woven, frames, report);
  return armed;
}

function enterHook(woven, frames, report) {
  const expected = woven.parameters.length;
  return (_self, ...values) => {
    if (values.length !== expected) report(`enters with ${values.length} parameters, not ${expected}`);
    const frame = { x() {}, t() {}, a() {}, r() {} };
    frames.add(frame);
    return frame;
  };
}

function lineHook({ form, exits }, point, frames, report) {
  const count = point.locals.length + (point.outers ? 1 : 0);
  return (_self, ...values) => {
    const rest = values.length - count;
    // A function with two bodies has a third one in the twin around it, which is inline.
    const hasFrame = form === 'inline' ? exits !== 'none' : rest === 1;
    if (rest !== Number(hasFrame)) report(`line ${point.line} passes ${values.length} values, not ${count}`);
    if (hasFrame && !frames.has(values[count])) report(`line ${point.line} passes no frame of its function`);
    if (point.outers) readOuters(point, values[count - 1], report);
  };
}

/** A variable in its temporal dead zone throws: the one error a thunk may end in. */
function readOuters(point, thunk, report) {
  let values;
  try {
    values = thunk();
  } catch (error) {
    if (error?.name !== 'ReferenceError') report(`line ${point.line}: ${error}`);
    return;
  }
  const expected = point.outers.length;
  if (values.length !== expected) report(`line ${point.line} has ${values.length} outers, not ${expected}`);
}
