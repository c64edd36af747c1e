import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';

/** What scrypt costs: memory is 128 · 2^logN · r bytes, time grows with p as well. */
export interface Cost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

/**
 * One of the equally strong settings of OWASP's Password Storage Cheat Sheet (2025). Of them it is that with 32 MiB: a
 * collector holds ten thousand agents in a gigabyte, and people sign in beside that.
 */
export const COST: Cost = { logN: 15, r: 8, p: 3 };

const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** Hashes computed at once: what any number of people who sign in may take of memory and of the thread pool. */
const AT_ONCE = 2;
/** The most that a stored hash may make us spend. */
const DEAREST: Cost = { logN: 20, r: 16, p: 16 };

const PHC = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w+/-]+)\$([\w+/-]+)$/;

/** A password's salted hash as a PHC string: `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`. */
export async function hashPassword(password: string, cost = COST): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return format(cost, salt, await derive(password, salt, cost));
}

/** Whether it is the password of the hash. What cannot be read is nobody's. */
export async function isPassword(password: string, phc: string): Promise<boolean> {
  const known = parse(phc);
  if (known === undefined) return false;
  const key = await derive(password, known.salt, known.cost);
  return key.length === known.key.length && timingSafeEqual(key, known.key);
}

/** Whether it was made with another cost than passwords are hashed with now. */
export function isOutdated(phc: string, cost = COST): boolean {
  const known = parse(phc)?.cost;
  return known === undefined || known.logN !== cost.logN || known.r !== cost.r || known.p !== cost.p;
}

/** The hash of a password that nobody knows, for those without one: refusing them takes as long as refusing others. */
export function nobodysHash(cost = COST): string {
  return format(cost, randomBytes(SALT_BYTES), randomBytes(KEY_BYTES));
}

function format({ logN, r, p }: Cost, salt: Buffer, key: Buffer): string {
  return `$scrypt$ln=${logN},r=${r},p=${p}$${unpadded(salt)}$${unpadded(key)}`;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}

interface Parsed {
  readonly cost: Cost;
  readonly salt: Buffer;
  readonly key: Buffer;
}

function parse(phc: string): Parsed | undefined {
  const [, logN, r, p, salt, key] = PHC.exec(phc) ?? [];
  if (salt === undefined || key === undefined) return undefined;
  const cost = { logN: Number(logN), r: Number(r), p: Number(p) };
  const isBearable = cost.logN <= DEAREST.logN && cost.r <= DEAREST.r && cost.p <= DEAREST.p;
  if (!isBearable) return undefined;
  return { cost, salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64') };
}

let running = 0;
const waiting: (() => void)[] = [];

/** The same password may be typed with composed or decomposed characters (NIST SP 800-63B, 3.1.1.2). */
async function derive(password: string, salt: Buffer, { logN, r, p }: Cost): Promise<Buffer> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  try {
    const N = 2 ** logN;
    return await scryptAsync(password.normalize('NFKC'), salt, { N, r, p, maxmem: 256 * r * (N + p) });
  } finally {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}

function scryptAsync(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, KEY_BYTES, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
