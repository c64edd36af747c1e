import ts from 'typescript';
import { read } from './corpus.mjs';

const emit = (text) =>
  ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2015, module: ts.ModuleKind.CommonJS },
  }).outputText.length;

export const first = () => emit('export const a: number = 1;');

const code = read('acorn/dist/acorn.mjs');
export const work = () => emit(code);
