import { parseArgs } from 'node:util';
import { NODE_VERSIONS } from '../../scripts/lib/nodes.ts';
import { PROGRAMS } from './programs.ts';

export interface Options {
  /** `--node LINE`, repeatable: `20`. Default: all; with `--quick`, 24. */
  readonly nodes: readonly string[];
  /** `--program NAME`, repeatable. Default: all. */
  readonly programs: readonly string[];
  /** `--rounds N`: how often each variant is measured. */
  readonly rounds: number;
  /** `--quick`: a look, not a measurement. */
  readonly quick: boolean;
}

/** The command line, which is the same for every part: what does not concern one is ignored by it. */
export function readOptions(rounds: number, quickRounds: number): Options {
  const { values } = parseArgs({
    options: {
      node: { type: 'string', multiple: true },
      program: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  });
  const { quick } = values;
  return {
    nodes: values.node ?? (quick ? ['24'] : Object.keys(NODE_VERSIONS)),
    programs: values.program ?? PROGRAMS,
    rounds: Number(values.rounds ?? (quick ? quickRounds : rounds)),
    quick,
  };
}
