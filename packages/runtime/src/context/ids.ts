import { floor, random } from '../intrinsics.js';

/** 16 bytes, by chance as OpenTelemetry's own are: they tell requests apart and keep no secret. */
export const newTraceId = (): string => hexDigits(32);

/** 8 bytes. */
export const newSpanId = (): string => hexDigits(16);

const HEX = '0123456789abcdef';

/** The first one is not 0, for W3C takes an id of zeroes for none. */
function hexDigits(count: number): string {
  let digits = HEX[1 + floor(random() * 15)] as string;
  for (let place = 1; place < count; place++) digits += HEX[floor(random() * 16)] as string;
  return digits;
}
