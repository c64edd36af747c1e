import { cpuUsage } from 'node:process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCardNumber } from '../src/secrets/card.ts';
import { redactText, wholeSecret } from '../src/secrets/text.ts';

const CASES = Number(process.env['DORMOUSE_CASES'] ?? 1_000);

const CARD = '4111111111111111';
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';
const PEM = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIBkg\n-----END EC PRIVATE KEY-----';

describe('redactText', () => {
  it.each<[text: string, redacted: string]>([
    // cards
    [CARD, '[redacted:card]'],
    ['card 4111 1111 1111 1111 exp 12/29', 'card [redacted:card] exp 12/29'],
    ['5555-5555-5555-4444', '[redacted:card]'],
    ['id 7 4111 1111 1111 1111 123', 'id 7 [redacted:card] 123'],
    ['x378282246310005y', 'x[redacted:card]y'],
    ['n=4111111111111111,5105105105105100', 'n=[redacted:card],[redacted:card]'],
    ['6304000000000000 30569309025904', '[redacted:card] [redacted:card]'],
    // e-mail
    ['mail ada.lovelace+x@mail.example.co.uk, now', 'mail [redacted:email], now'],
    ['<ada@example.com>', '<[redacted:email]>'],
    ['jörg@exämple.de', '[redacted:email]'],
    // tokens
    [`jwt ${JWT}.`, 'jwt [redacted:jwt]'],
    [JWT.slice(0, 15), '[redacted:jwt]'],
    ['Bearer abcDEF123456', 'Bearer [redacted:token]'],
    ['got BEARER   x1y2z3a4b5==', 'got BEARER   [redacted:token]'],
    ['Basic dXNlcjpwYXNz', 'Basic [redacted:token]'],
    ['key AKIAIOSFODNN7EXAMPLE!', 'key [redacted:token]!'],
    ['ghp_abcdefghijklmnopqrstuvwxyz0123456789', '[redacted:token]'],
    ['sk_live_4eC39HqLyjWDarjtT1zdp7dc', '[redacted:token]'],
    ['xoxb-123456789012-abcdef', '[redacted:token]'],
    ['k=ATATT3xFfGF0abcdefghijklmnopqrstuvwxyz', 'k=[redacted:token]'],
    ['sv: abc8Q~ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456.', 'sv: [redacted:token]'],
    ['https://hooks.slack.com/services/T0000/B0000/XXXXXXXX', 'https://[redacted:token]'],
    // bank accounts
    ['pay DE89 3704 0044 0532 0130 00 now', 'pay [redacted:iban] now'],
    ['GB82WEST12345698765432', '[redacted:iban]'],
    ['nl91abna0417164300', '[redacted:iban]'],
    ['NO93-8601-1117-947', '[redacted:iban]'],
    // telephones
    ['call +49 (30) 1234-5678.', 'call [redacted:phone].'],
    ['+4915112345678', '[redacted:phone]'],
    ['212-555-0123, 212.555.0123', '[redacted:phone], [redacted:phone]'],
    ['(212) 555-0123', '[redacted:phone]'],
    ['x(212)555-0123', 'x[redacted:phone]'],
    // social security
    ['123-45-6789', '[redacted:ssn]'],
    ['ssn is 078-05-1120?', 'ssn is [redacted:ssn]?'],
    // keys
    [`a ${PEM} b`, 'a [redacted:privateKey] b'],
    [PEM.slice(0, 50), '[redacted:privateKey]'],
    ['-----BEGIN PGP PRIVATE KEY BLOCK-----\nx', '[redacted:privateKey]'],
    // credentials in URLs
    ['postgres://app:s3cret@db:5432/main?a=b', 'postgres://[redacted:credentials]@db:5432/main?a=b'],
    ['{"url":"postgres:\\/\\/app:s3cret@db"}', '{"url":"postgres:\\/\\/[redacted:credentials]@db"}'],
    ['line\\nghp_abcdefghijklmnopqrstuvwxyz0123456789', 'line\\n[redacted:token]'],
    ['line\\ntoken=hunter2 and\\n212-555-0123', 'line\\ntoken=[redacted:name] and\\n[redacted:phone]'],
    ['https://user@host/', 'https://[redacted:credentials]@host/'],
    ['redis://:p@ss@host', 'redis://[redacted:credentials]@host'],
    // values after redacted names
    ['password=hunter2&user=ada', 'password=[redacted:name]&user=ada'],
    ['?api_key=abc;x', '?api_key=[redacted:name];x'],
    ['{"password":"hun\\"ter2","user":"ada"}', '{"password":"[redacted:name]","user":"ada"}'],
    ['{\\"token\\":\\"ab\\",\\"n\\":1}', '{\\"token\\":\\"[redacted:name]\\",\\"n\\":1}'],
    ["{ secret: 'it is', n: 1 }", "{ secret: '[redacted:name]', n: 1 }"],
    ['{"pin": 1234, "n": 1}', '{"pin": [redacted:name], "n": 1}'],
    ['{"credentials":{"a":{"b":1},"c":"d"},"n":1}', '{"credentials":[redacted:name],"n":1}'],
    ['{"otp":["a","b"]}', '{"otp":[redacted:name]}'],
    ['user.password: hunter2', 'user.password: [redacted:name]'],
    ['Cookie: a=b; c=d\r\nHost: x', 'Cookie: [redacted:name]\r\nHost: x'],
    ['authorization : Digest username="x"', 'authorization : [redacted:name]'],
    ['dbPassword=x1 authToken: y2', 'dbPassword=[redacted:name] authToken: [redacted:name]'],
    [
      'DefaultEndpointsProtocol=https;AccountKey=abc==;x',
      'DefaultEndpointsProtocol=https;AccountKey=[redacted:name];x',
    ],
    ['aws_secret_access_key = wJalr/EXAMPLE', 'aws_secret_access_key = [redacted:name]'],
    ['password="open', 'password="[redacted:name]'],
  ])('%j', (text, redacted) => {
    expect(redactText(text)).toBe(redacted);
    expect(redactText(redacted)).toBe(redacted);
  });

  it.each([
    '',
    'plain text',
    'a@b',
    '@',
    'user@host',
    '12345678901234567',
    '4111111111111112',
    '2026-11-21 10:20:30.123456',
    '1763720430123',
    '1763720430123456789',
    'if (token == null) return',
    'token => token.id',
    'password',
    'password:',
    'tokens: 5',
    'passwordless: yes',
    'basic training of bearers',
    'bearer of news',
    'http://host:80/path',
    'eyJ',
    'eyJust a word',
    'a.b.c',
    '-----BEGIN CERTIFICATE-----\nabc',
    'sk-learn',
    'AKIA',
    '3.1415926535897931',
    '4f9c2a60-b1c4-4b1e-9d3c-2f1e7a3b5c6d',
    '[redacted:card]',
    'time: 10:20',
    'a=b',
    '=',
    ':',
    '://',
    '41111111111111111111111111',
    'DE89370400440532013001',
    'DE8937040044053201300',
    'XX89370400440532013000',
    'de12 is a room',
    '1 + 2345678901',
    'a+4915112345679',
    '+0200',
    '+1234567',
    '+1234567890123456',
    '2026-11-21T10:20:30+02:00',
    '112-555-0123',
    '212-155-0123',
    '212-555-01234',
    '1-212-555-0123',
    '212-555.0123',
    '(212 555-0123',
    '000-12-3456',
    '666-12-3456',
    '900-12-3456',
    '123-00-4567',
    '123-45-0000',
    '123-45-67890',
    '1123-45-6789',
    '123-45-6789-1',
    'hash abc8Q~short',
    'nextToken: Identifier',
    'passwordHint: the usual',
    'tokenCount=5',
  ])('leaves %j alone', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it('lets no planted secret through, wherever it stands', () => {
    const secrets = fc.constantFrom(
      [CARD, CARD],
      ['4111-1111-1111-1111', '1111-1111'],
      ['ada@example.com', 'ada@example'],
      [JWT, 'eyJhbGciOiJIUzI1NiJ9'],
      ['Bearer Zx81abcd9', 'Zx81abcd9'],
      ['AKIAIOSFODNN7EXAMPLE', 'AKIAIOSFODNN7'],
      [PEM, 'MHcCAQ'],
      ['mysql://u:hunter2@h/d', 'hunter2'],
      ['"password":"hunter2"', 'hunter2'],
      ['"password": "hunter2', 'hunter2'],
      ['secret=hunter2', 'hunter2'],
      ['token: hunter2', 'hunter2'],
    );
    // Text that cannot be read as part of the secret: it ends, and begins, with something that is in no token.
    const filler = fc
      .string({ unit: 'grapheme', maxLength: 60 })
      .map((text) => `${text.replaceAll(/["'`\\]/g, '')}\n`);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(filler, secrets), { minLength: 1, maxLength: 4 }),
        filler,
        (planted, end) => {
          const text = planted.map(([before, [secret]]) => `${before}${secret}\n`).join('') + end;
          const redacted = redactText(text);
          for (const [, [, part]] of planted) expect(redacted).not.toContain(part);
        },
      ),
      { numRuns: CASES },
    );
  });

  it('finds every card of every issuer, in any grouping', () => {
    const issuers: [string, number][] = [
      ['4', 13],
      ['4', 16],
      ['4', 19],
      ['51', 16],
      ['2221', 16],
      ['2720', 16],
      ['34', 15],
      ['36', 14],
      ['3528', 16],
      ['6011', 16],
      ['62', 19],
      ['50', 12 + 4],
    ];
    const cards = fc
      .tuple(fc.constantFrom(...issuers), fc.array(fc.nat(9), { minLength: 18, maxLength: 18 }))
      .map(([[prefix, length], digits]) =>
        withCheckDigit(prefix + digits.join('').slice(0, length - 1 - prefix.length)),
      );
    const grouped = fc.tuple(cards, fc.constantFrom('', ' ', '-'), fc.constantFrom(3, 4, 6));
    fc.assert(
      fc.property(grouped, ([card, separator, size]) => {
        const text = card.match(new RegExp(`.{1,${size}}`, 'g'))!.join(separator);
        expect(redactText(`no ${text}.`)).toBe('no [redacted:card].');
        expect(isCardNumber(BigInt(card))).toBe(true);
      }),
      { numRuns: CASES },
    );
  });

  it('takes linear time on the texts that would be worst', () => {
    const worst = [
      '1',
      '4 ',
      '4-',
      '@',
      'a@',
      'a.',
      ':',
      ':/',
      '://',
      '=',
      'a=',
      'password=',
      'password:"',
      '-',
      '-----BEGIN ',
      'eyJ',
      'eyJa.',
      'Bearer ',
      'AKIA',
      '\\"',
      '{"pin":[',
      'token:{',
      'DE89',
      'DE89 ',
      '+49 ',
      '+1(',
      '212-555-',
      '123-45-',
      '(212)',
      '8Q~',
      '~',
      'aB',
      'a_B:',
    ];
    for (const unit of worst) {
      const text = unit.repeat(10_000 / unit.length);
      expect(growth(text, text.repeat(8), 8 * 3), unit).toBeLessThan(8 * 3);
    }
  }, 60_000);

  it('changes none of what the program reads of its own regular expressions', () => {
    const text = `${CARD} ${JWT} ada@example.com password=x`;
    /(d)(o)/.exec('dormouse');
    redactText(text);
    const kept = RegExp.$1 + RegExp.$2;
    expect(kept).toBe('do');
  });
});

describe('isCardNumber', () => {
  it('knows cards among numbers, of either sign', () => {
    expect(
      [4111111111111111, -4111111111111111, 4111111111111111n, -4111111111111111n].every(isCardNumber),
    ).toBe(true);
    const others = [
      0,
      -1,
      4111111111111112,
      0.4111111111111111,
      NaN,
      Infinity,
      -Infinity,
      10n ** 40n,
      -(10n ** 40n),
    ];
    expect(others.some(isCardNumber)).toBe(false);
  });
});

describe('wholeSecret', () => {
  it('tells a secret from a text that contains one', () => {
    expect(wholeSecret(CARD)).toBe('card');
    expect(wholeSecret('ada@example.com')).toBe('email');
    expect(wholeSecret(` ${CARD}`)).toBeUndefined();
    expect(wholeSecret(`${CARD} ${CARD}`)).toBeUndefined();
    expect(wholeSecret('password=x')).toBeUndefined();
  });
});

/**
 * How many times as much CPU the longer text takes, by the fastest of several runs of each: at least four, and more, since
 * V8's other threads count too, until it is less than `enough`.
 */
function growth(short: string, long: string, enough: number): number {
  let ofShort = Infinity;
  let ofLong = Infinity;
  for (let run = 1; run <= 40; run++) {
    ofShort = Math.min(ofShort, timeOf(short));
    ofLong = Math.min(ofLong, timeOf(long));
    if (run >= 4 && ofLong / Math.max(ofShort, 0.05) < enough) break;
  }
  return ofLong / Math.max(ofShort, 0.05);
}

/** ms on the CPU, in which a busy machine has no part. */
function timeOf(text: string): number {
  const before = cpuUsage();
  redactText(text);
  const { user, system } = cpuUsage(before);
  return (user + system) / 1_000;
}

function withCheckDigit(digits: string): string {
  for (let check = 0; check < 10; check++) if (isLuhn(`${digits}${check}`)) return `${digits}${check}`;
  throw new Error('one of ten digits always fits');
}

function isLuhn(digits: string): boolean {
  const sum = Array.from(digits, Number)
    .toReversed()
    .map((digit, place) => (place % 2 === 0 ? digit : digit * 2 > 9 ? digit * 2 - 9 : digit * 2))
    .reduce((total, digit) => total + digit, 0);
  return sum % 10 === 0;
}
