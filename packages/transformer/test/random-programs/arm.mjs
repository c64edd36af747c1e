/** Arms every point of a woven program with hooks that check what they are passed and change nothing. */
import { armedFunction } from '../harness/armed-function.mjs';

const FUNCTIONS_PER_SWITCH = 64;

/** Defines the program's switch objects before it does so itself; `report` is told what contradicts the manifest. */
export function arm(globalObject, manifest, report) {
  const { functions, id } = manifest;
  for (let from = 0; from < functions.length; from += FUNCTIONS_PER_SWITCH) {
    const name = `$dm_${id}${from === 0 ? '' : `_${from / FUNCTIONS_PER_SWITCH}`}`;
    const value = from === 0 ? { [name]: 1, w: (first) => first } : { [name]: 1 };
    for (const woven of functions.slice(from, from + FUNCTIONS_PER_SWITCH)) {
      value[`f${woven.index}`] = armed(woven, (problem) => report(`${woven.name}: ${problem}`));
    }
    Object.defineProperty(globalObject, name, { value, configurable: true });
  }
}

function armed(woven, report) {
  const expected = woven.parameters.length + 1;
  const began = (values) => {
    if (values.length !== expected) report(`begins with ${values.length} values, not ${expected}`);
    return { ended() {}, suspended() {}, resumed() {} };
  };
  return armedFunction(woven, (point) => lineHook(point, report), began, report);
}

function lineHook(point, report) {
  return (_call, _self, ...values) => {
    if (point.outers) readOuters(point, values.at(-1), report);
  };
}

/** A variable in its temporal dead zone is the one error a thunk may end in. */
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
