import type { ManifestPoint, StepPoint, StepsPlace } from '@dormouse/protocol';
import { perFunction } from '../builds/per-function.js';
import { hasSelf } from './spot.js';

/** A function with all its points, as a process is told of it. Its names are those that it uses itself. */
export const stepsOf = perFunction(({ file, fn }): StepsPlace => {
  const names: string[] = [];
  const indices = new Map<number, number>();
  const own = (name: number): number => {
    let index = indices.get(name);
    if (index === undefined) {
      index = names.push(file.names[name] ?? '') - 1;
      indices.set(name, index);
    }
    return index;
  };
  const step = ({ line, column, self, locals, outers, branch }: ManifestPoint): StepPoint => ({
    line,
    column,
    self,
    locals: locals.map(own),
    ...(outers !== undefined && { outers: outers.map(own) }),
    ...(branch !== undefined && { branch }),
  });
  return {
    file: file.id,
    functionIndex: fn.index,
    function: fn.name,
    source: file.sources[fn.source]?.path ?? file.output,
    synchronous: !fn.async && !fn.generator,
    self: hasSelf(fn),
    names,
    parameters: fn.parameters.map(own),
    points: fn.points.map(step),
  };
});
