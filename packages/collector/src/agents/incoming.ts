import type { z } from 'zod';
import { firstProblem } from '../schemas/problem.js';
import { CLOSE } from './closing.js';
import { decode } from './codec.js';

/** Ends a connection with a code and a reason that its agent can log. */
export class Refusal extends Error {
  readonly closeCode: number;

  constructor(closeCode: number, message: string) {
    super(message);
    this.closeCode = closeCode;
  }
}

/** @throws {Refusal} when it is no msgpack in a binary frame. */
export function readMessage(data: Buffer, isBinary: boolean): unknown {
  if (!isBinary) throw new Refusal(CLOSE.notBinary, 'messages are msgpack in binary frames');
  try {
    return decode(data);
  } catch (error) {
    throw new Refusal(CLOSE.invalidMessage, `not msgpack: ${(error as Error).message}`);
  }
}

/** @throws {Refusal} that says where the value breaks its schema. */
export function check<Output>(schema: z.ZodType<Output>, value: unknown, what: string): Output {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = firstProblem(result.error);
  throw new Refusal(CLOSE.invalidMessage, `${what}: ${path === '' ? '' : `${path}: `}${message}`);
}
