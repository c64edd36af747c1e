/** The rendering of Dormouse's evidence for terminals; everything foreign in the result is safe to print. */

export { formatLocation, renderCapture, renderLogLine } from './capture.js';
export { renderCaptures } from './captures.js';
export { renderError } from './error.js';
export { printableJson } from './json.js';
export { renderPoints } from './points.js';
export { renderAccount, renderProbe, renderProbes } from './probe.js';
export { renderServices } from './services.js';
export { plainStyle, styleFor, type OutputTraits, type Style } from './style.js';
export { renderTable, type Column } from './table.js';
export { escapeUnsafe } from './text.js';
