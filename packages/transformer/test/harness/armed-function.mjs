/**
 * A function with everything armed: what stands in its switch field, see `woven.ts` of the protocol. It is the
 * contract as somebody else would implement it. Plain JavaScript, because every Node version under test runs it.
 *
 * @param woven the function's entry in the manifest
 * @param lineHook gives the hook of a point
 * @param began is called as a call begins, with `this` and the parameters, and whether the second body runs, whose every
 * end is seen; it returns `ended(how, value?)`
 */
export function armedFunction(woven, lineHook, began) {
  const armed = Object.setPrototypeOf((twin, self, ...parameters) => {
    const values = [self, ...parameters.slice(0, woven.parameters.length)];
    const frame = openFrame(began(values, /* inTwin: */ true));
    let value;
    try {
      value = Reflect.apply(twin, self, [armed, ...parameters]);
    } catch (error) {
      frame.t(error);
      throw error;
    }
    frame.x(value);
    return value;
  }, null);
  for (const point of woven.points) armed[`l${point.index}`] = lineHook(point);
  armed.e = (...values) => openFrame(began(values, /* inTwin: */ false));
  return armed;
}

function openFrame(ended) {
  let open = true;
  const end = (how, value) => {
    if (open) ended(how, value);
    open = false;
  };
  const frame = {
    x: (value) => (value === frame ? end('ended') : end('returned', value)),
    t: (error) => end('threw', error),
  };
  return frame;
}
