export { compileDenyEntry, type Denies } from './entry.js';
export { compileGlob } from './glob.js';
