import module from 'node:module';
import { type Weaving, prepare } from './prepare.js';

type Compile = (
  this: unknown,
  content: string,
  filename: string,
  format?: string,
  ...rest: unknown[]
) => unknown;

/** Node before 22.15: hooks do not see the text of what is required, but every text passes here. */
export function hookCompile(weaving: Weaving): void {
  const prototype = module.prototype as unknown as { _compile: Compile };
  const compile = prototype._compile;
  prototype._compile = function (content, filename, format, ...rest) {
    const goal = format === 'module' ? 'module' : 'script';
    const code = prepare({ path: filename, code: content, goal }, weaving);
    return Reflect.apply(compile, this, [code, filename, format, ...rest]);
  };
}
