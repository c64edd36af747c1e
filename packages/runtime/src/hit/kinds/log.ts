import { createLogWriter } from '../log.js';
import { plugAt } from '../plug.js';
import type { OpenKind } from './kind.js';
import { shipEach } from './ship-each.js';

export const openLog: OpenKind = (gate) => {
  const onHit = shipEach(gate, createLogWriter(gate.command, gate.layout));
  return { plugs: [plugAt(gate.command.place, gate.layout, onHit)] };
};
