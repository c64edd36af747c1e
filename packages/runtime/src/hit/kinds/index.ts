import type { ProbeKind } from '@dormouse/protocol';
import { openCheck } from './check.js';
import { openLog } from './log.js';
import { openPath } from './path.js';
import { openSnapshot } from './snapshot.js';
import { openSpan } from './span.js';
import { openTag } from './tag.js';
import { openTictoc } from './tictoc.js';
import type { OpenKind } from './kind.js';
import { openCounter, openDuration, openGauge, openHistogram } from './metrics.js';

export const KINDS: Readonly<Record<ProbeKind, OpenKind>> = {
  snapshot: openSnapshot,
  log: openLog,
  check: openCheck,
  counter: openCounter,
  gauge: openGauge,
  histogram: openHistogram,
  duration: openDuration,
  tictoc: openTictoc,
  span: openSpan,
  tag: openTag,
  path: openPath,
};
