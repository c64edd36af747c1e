import { intrinsics, readOwn } from '@dormouse/expression/inspect';
import type { CapturedProperty, CapturedValue } from '@dormouse/protocol';
import type { CaptureSession } from '../capture/session.js';
import { UNINITIALISED, type Frame } from './frame.js';
import { mapList } from './list.js';

const { isObject, isProxy } = intrinsics;

/** What `this` is in a plain call of a sloppy function: named, not opened, or it would fill every capture. */
const GLOBAL: CapturedValue = {
  type: 'object',
  class: 'globalThis',
  properties: [],
  omitted: { reason: 'depth' },
};

export const captureSelf = (session: CaptureSession, self: unknown, level = 0): CapturedValue =>
  isGlobal(self) ? GLOBAL : session.variable('this', self, level).value;

/** That of a `vm` context is known by what it says of itself. */
export const isGlobal = (self: unknown): boolean =>
  self === globalThis || (isObject(self) && !isProxy(self) && readOwn(self, 'globalThis') === self);

export const captureVariables = (
  session: CaptureSession,
  names: readonly string[],
  frame: Frame,
  firstSlot: number,
): CapturedProperty[] =>
  mapList(names, (name, index) => captureVariable(session, name, frame[firstSlot + index]));

/** @param level see {@link CaptureSession.variable} */
export const captureVariable = (
  session: CaptureSession,
  name: string,
  value: unknown,
  level = 0,
): CapturedProperty =>
  value === UNINITIALISED
    ? { key: name, value: { type: 'omitted', omitted: { reason: 'uninitialised' } } }
    : session.variable(name, value, level);
