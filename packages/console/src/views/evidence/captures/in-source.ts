import type { CaptureView } from '@dormouse/protocol';
import { addressOf } from '../../../state/route.svelte.js';

/** The address of the line at which something was captured, with the capture beside it. */
export const inSource = ({ service, location, probe, id }: CaptureView): string =>
  addressOf({
    view: 'source',
    service,
    open: { file: location.file, line: String(location.line), probe, capture: id },
  });
