export { NoTrail, verifyFile } from './file.js';
