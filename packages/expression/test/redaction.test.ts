import {
  DEFAULT_REDACTION_RULES,
  REDACTED_NAMES,
  REDACTION_LIMITS,
  type RedactionRules,
} from '@dormouse/protocol';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import {
  BUILT_IN,
  checkRedactionRules,
  compileRedaction,
  isRedactedName,
  joinRedactionRules,
  readsRedacted,
  RedactionRulesError,
  useRedaction,
} from '../src/redaction/index.ts';
import { checkNames, parseExpression } from '../src/parse/index.ts';

const rules = (changes: Partial<RedactionRules>) =>
  compileRedaction(checkRedactionRules({ ...DEFAULT_REDACTION_RULES, ...changes }));

describe('redacted names', () => {
  it.each([
    // as they are listed, however they are written
    'password',
    'Password',
    'PASS_WORD',
    'pass-word',
    'pass word',
    'api.key',
    '$apiKey',
    '@token',
    'connect.sid',
    '2fa',
    'X-Api-Key',
    // more than one
    'passwords',
    'apiKeys',
    'cookies',
    'refresh_tokens',
    // as the last words of a longer name
    'dbPassword',
    'user_api_key',
    'userAPIKey',
    'STRIPE_SECRET_KEY',
    'stripe.secretKey',
    'authToken',
    'githubToken',
    'proxyAuthorization',
    'customer-ssn',
    'cardCvv',
    'remoteIpAddress',
    'password2',
    'passwordConfirmationPassword',
    // however it is written
    'passwordHash',
    'authTokenValue',
    'token_b64',
    'sessionKeyRawBytes',
    // in one word
    'dbpassword',
    'MYAPIKEY',
    'userpasswordhash',
  ])('%s is one', (name) => {
    expect(isRedactedName(name)).toBe(true);
  });

  it.each([
    '',
    '-',
    'user',
    'constructor',
    'pass',
    'passenger',
    'key',
    'keyboard',
    'compass',
    // the last words say that it is something else
    'passwordHint',
    'passwordPolicy',
    'passwordField',
    'tokenCount',
    'tokenType',
    'tokenExpiresAt',
    'tokenizer',
    'secretName',
    'cookieName',
    'apiKeyId',
    'sessionCount',
    // what counts, or answers yes or no
    'maxTokens',
    'totalTokens',
    'hasPassword',
    'is_secret',
    'withCredentials',
    'tokens',
    // tokens of a text
    'nextToken',
    'prev_token',
    'commaToken',
    // secrets only where they stand alone
    'functionSignature',
    'mapPin',
    'basicAuth',
    'x'.repeat(101),
    `${'-'.repeat(100)}token`,
  ])('%s is none', (name) => {
    expect(isRedactedName(name)).toBe(false);
  });

  it('are known with any noise between their characters', () => {
    const noisy = fc.tuple(
      fc.constantFrom(...REDACTED_NAMES),
      fc.array(fc.tuple(fc.nat(30), fc.constantFrom('-', '_', '@', '$', '.')), { maxLength: 4 }),
    );
    fc.assert(
      fc.property(noisy, ([name, insertions]) => {
        const text = insertions.reduce(
          (noisy, [at, mark]) => noisy.slice(0, at) + mark + noisy.slice(at),
          name,
        );
        expect(isRedactedName(text)).toBe(true);
      }),
    );
  });
});

describe('rules', () => {
  afterEach(() => useRedaction(BUILT_IN));

  it('add names, by themselves and as the last words of others', () => {
    const { isRedacted } = rules({ names: ['IBAN', 'home_address'] });
    expect(['iban', 'customerIban', 'home-address', 'userHomeAddress'].every(isRedacted)).toBe(true);
    expect(['ibanCount', 'address', 'liban'].some(isRedacted)).toBe(false);
    expect(isRedacted('password')).toBe(true);
  });

  it('allow whole names', () => {
    const { isRedacted } = rules({ allowNames: ['token', 'client_id'] });
    expect(['token', 'Token', 'clientId'].some(isRedacted)).toBe(false);
    expect(isRedacted('authToken')).toBe(true);
  });

  it('show nothing but what is on an include list', () => {
    const { hasIncludeList, isShown } = rules({ mode: 'include', includeNames: ['orderId', 'password'] });
    expect(hasIncludeList).toBe(true);
    expect(isShown('order_id')).toBe(true);
    expect(isShown('amount')).toBe(false);
    expect(isShown('password')).toBe(false);
  });

  it('hold from the moment they are given', () => {
    expect(isRedactedName('nickname')).toBe(false);
    useRedaction(rules({ names: ['nickname'] }));
    expect(isRedactedName('nickname')).toBe(true);
    useRedaction(BUILT_IN);
    expect(isRedactedName('nickname')).toBe(false);
  });

  it('cannot allow what comments mark', () => {
    const { isRedacted } = compileRedaction(checkRedactionRules({ allowNames: ['code', 'token'] }), ['code']);
    expect(isRedacted('code')).toBe(true);
    expect(isRedacted('statusCode')).toBe(false);
    expect(isRedacted('token')).toBe(false);
  });

  it('have patterns of linear time', () => {
    const [employee] = rules({ patterns: [{ name: 'employee', pattern: 'E\\d{6}', flags: 'i' }] }).patterns;
    expect(employee?.name).toBe('employee');
    expect(employee?.pattern.test('is e123456 here', () => undefined)).toBe(true);
  });

  it.each<[unknown, path: string, message: string]>([
    [null, '', 'an object'],
    [{ name: [] }, 'name', 'no field `name`'],
    [{ names: 'x' }, 'names', 'a list'],
    [{ names: [''] }, 'names[0]', 'not empty'],
    [{ names: ['x'.repeat(101)] }, 'names[0]', 'At most 100'],
    [{ names: Array(REDACTION_LIMITS.names + 1).fill('x') }, 'names', 'At most 1000'],
    [{ mode: 'all' }, 'mode', '`exclude` or `include`'],
    [{ patterns: [{ name: 'a b', pattern: 'x' }] }, 'patterns[0].name', 'letters'],
    [{ patterns: [{ name: 'a', pattern: '(x' }] }, 'patterns[0].pattern', 'not closed'],
    [{ patterns: [{ name: 'a', pattern: '(?=x)' }] }, 'patterns[0].pattern', 'looks around'],
    [{ patterns: [{ name: 'a', pattern: 'x', flags: 'g' }] }, 'patterns[0].flags', '`g` is not needed'],
    [{ patterns: [{ name: 'a', pattern: 'x', flags: 'y' }] }, 'patterns[0].pattern', 'flag `y`'],
    [{ patterns: [{ name: 'a', pattern: 'x'.repeat(501) }] }, 'patterns[0].pattern', 'At most 500'],
  ])('are refused: %j', (value, path, message) => {
    const refusal = refusalOf(() => checkRedactionRules(value));
    expect(refusal.path).toBe(path);
    expect(refusal.message).toContain(message);
  });
});

function refusalOf(action: () => unknown): RedactionRulesError {
  try {
    action();
  } catch (error) {
    if (error instanceof RedactionRulesError) return error;
  }
  throw new Error('nothing was refused');
}

describe('readsRedacted', () => {
  const strict = rules({
    mode: 'include',
    includeNames: ['total', 'sku', 'tags', 'status', 'byId', '$return'],
  });
  const reads = (source: string, redaction = BUILT_IN) => readsRedacted(parseExpression(source), redaction);

  it.each([
    ['password', 'password'],
    ['user.dbPassword.length > 8', 'dbPassword'],
    ['user.password.hash', 'password'],
    ['`${order["pin"]}`', 'pin'],
    ['map.get("token")', 'token'],
    ['items.some(item => item.cvv === 1)', 'cvv'],
    ['a ? b : [{ x: c.secret }]', 'secret'],
    ['order.total', undefined],
    ['items.some(token => token.id === 1)', undefined],
    ['Math.max(a, 1)', undefined],
  ])('finds in %s: %s', (source, name) => {
    expect(reads(source)).toBe(name);
  });

  it.each([
    ['order.total > 10', undefined],
    ['order?.lines[0].sku', undefined],
    ['lines.some(line => line.sku === "x")', undefined],
    ['lines.map(line => line.sku)', undefined],
    ['lines.find(line => line.sku === "x").total', undefined],
    ['lines.length > 3 && $hits < 10', undefined],
    ['byId.get("total")', undefined],
    ['tags.includes("new")', undefined],
    ['tags.some(tag => tag === "new")', undefined],
    ['$return > 3', undefined],
    ['order instanceof Order', undefined],
    ['order.name', 'name'],
    ['order', 'order'],
    ['lines[0]', 'lines'],
    ['lines.some(line => line === 3)', 'lines'],
    ['lines.find(line => line.sku === "x")', 'lines'],
    ['name.includes("A")', 'name'],
    ['order.customer ?? 1', 'customer'],
    ['(order.customer || other).total', 'customer'],
    ['status === limit', 'limit'],
    ['byId.get(key)', 'key'],
    ['$error.message', 'message'],
  ])('with an include list finds in %s: %s', (source, name) => {
    expect(reads(source, strict)).toBe(name);
  });

  it('is what the collector refuses by', () => {
    const refused = (source: string) => () =>
      checkNames(parseExpression(source), ['order'], { redaction: strict });
    expect(refused('order.total')).not.toThrow();
    expect(refused('order.name')).toThrow('`name` is a name that redaction protects');
  });

  it('goes with what comments mark in the source', () => {
    const refused = (source: string) => () =>
      checkNames(parseExpression(source), ['order', 'pin2'], {
        secrets: ['code', 'pin2'],
        secretProperties: ['note'],
      });
    expect(refused('code > 1')).toThrow('`code` is marked `@secret` in the source');
    expect(refused('order.note')).toThrow('`note` is marked `@secret` in the source');
    expect(refused('order.code + pin2')).not.toThrow();
    expect(refused('order.total')).not.toThrow();
  });
});

describe('rules of two policies', () => {
  const hides = (changes: RedactionRules, name: string): boolean => !compileRedaction(changes).isShown(name);
  const join = (one: Partial<RedactionRules>, other: Partial<RedactionRules>): RedactionRules =>
    joinRedactionRules(checkRedactionRules(one), checkRedactionRules(other));

  it.each([
    [{ names: ['tier'] }, { allowNames: ['tier'] }, 'tier', true],
    [{ names: ['tier'] }, { allowNames: ['customer_tier'] }, 'customerTier', true],
    [{ names: ['tier'] }, { allowNames: ['TierHash'] }, 'tierHash', true],
    [{ names: ['password'] }, { allowNames: ['password'] }, 'password', true],
    [{}, { allowNames: ['password'] }, 'password', false],
    [{ allowNames: ['token'] }, { allowNames: ['salt'] }, 'salt', false],
    [{ mode: 'include', includeNames: ['a', 'b'] }, { mode: 'include', includeNames: ['b', 'c'] }, 'a', true],
    [
      { mode: 'include', includeNames: ['a', 'b'] },
      { mode: 'include', includeNames: ['B', 'c'] },
      'b',
      false,
    ],
    [{ mode: 'include', includeNames: ['a'] }, {}, 'a', false],
    [{ mode: 'include', includeNames: ['a'] }, {}, 'other', true],
  ] as const)('%j and %j: is %s hidden? %s', (one, other, name, isHidden) => {
    expect(hides(join(one, other), name)).toBe(isHidden);
    expect(hides(join(other, one), name)).toBe(isHidden);
  });

  it('hide what either names, and keep all patterns', () => {
    const name = fc.constantFrom(
      'tier',
      'customerTier',
      'tierHash',
      'password',
      'token',
      'order',
      'orderToken',
      'plan',
    );
    const some = fc.record({ names: fc.array(name), allowNames: fc.array(name) });
    fc.assert(
      fc.property(some, some, name, (one, other, asked) => {
        const joined = join(one, other);
        const named = compileRedaction(checkRedactionRules({ names: [...one.names, ...other.names] }));
        const isAllowed = [one, other].some(({ allowNames }) => allowNames.includes(asked));
        if (!isAllowed) expect(hides(joined, asked)).toBe(named.isRedacted(asked));
        if (other.names.includes(asked) && !other.allowNames.includes(asked))
          expect(hides(joined, asked)).toBe(true);
      }),
    );
    const pattern = { name: 'p', pattern: 'x' };
    expect(join({ patterns: [pattern] }, { patterns: [{ ...pattern, name: 'q' }] }).patterns).toHaveLength(2);
  });
});
