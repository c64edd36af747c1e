import type { AgentMessage } from '@dormouse/protocol';
import { Packr } from 'msgpackr';

/** The one door to msgpack. Plain maps only, so that any msgpack implementation understands them. */
const packr = new Packr({ useRecords: false });

export const encode = (message: AgentMessage): Uint8Array => packr.pack(message);

/** @throws where the bytes are no msgpack */
export const decode = (bytes: Uint8Array): unknown => packr.unpack(bytes);
