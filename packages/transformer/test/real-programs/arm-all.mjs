/** Arms every point of the build whose manifest the environment names, before the program starts. */
import { readFileSync } from 'node:fs';
import { armedFunction } from '../harness/armed-function.mjs';

globalThis.dormouseTestHits = 0;
globalThis.dormouseTestCalls = 0;
globalThis.dormouseTestWrong = [];

const { files } = JSON.parse(readFileSync(process.env.DORMOUSE_TEST_MANIFEST, 'utf8'));
for (const file of files) {
  const switches = new Map();
  for (const woven of file.functions) {
    const n = Math.floor(woven.index / 64);
    const name = `$dm_${file.id}${n === 0 ? '' : `_${n}`}`;
    if (!switches.has(name)) switches.set(name, { [name]: 1, w: (first) => first });
    switches.get(name)[`f${woven.index}`] = armed(file, woven);
  }
  for (const [name, value] of switches)
    Object.defineProperty(globalThis, name, { value, configurable: true });
}

function armed(file, woven) {
  const lineHook = (point) => hook(`${file.output}:${point.line}`, point);
  const report = (problem) => globalThis.dormouseTestWrong.push(`${file.output} ${woven.name}: ${problem}`);
  const began = (values) => {
    const expected = woven.parameters.length + 1;
    if (values.length !== expected) report(`${values.length} values`);
    return { ended: () => void globalThis.dormouseTestCalls++, suspended() {}, resumed() {} };
  };
  return armedFunction(woven, lineHook, began, report);
}

function hook(place, point) {
  return (_call, _self, ...values) => {
    globalThis.dormouseTestHits++;
    if (point.outers) readOuters(place, values.at(-1), point.outers.length);
  };
}

function readOuters(place, thunk, expected) {
  let values;
  try {
    values = thunk();
  } catch (error) {
    if (error instanceof ReferenceError) return;
    globalThis.dormouseTestWrong.push(`${place}: ${error}`);
    return;
  }
  if (values.length !== expected) globalThis.dormouseTestWrong.push(`${place}: ${values.length} outers`);
}
