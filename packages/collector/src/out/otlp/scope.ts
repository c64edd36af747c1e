import { VERSION } from '../../version.js';

/** Who has made the records: one object, because exporters group by it. */
export const SCOPE = { name: 'dormouse', version: VERSION };
