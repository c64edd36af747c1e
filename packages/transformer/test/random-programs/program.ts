import type { Goal } from '../../src/index.ts';
import { Choices } from './choices.ts';
import { classText } from './classes.ts';
import type { Context } from './context.ts';
import { expression, leaf } from './expressions.ts';
import { arrow, functionExpression, parametersAndBody } from './functions.ts';
import { pattern } from './patterns.ts';
import { body, statements } from './statements.ts';
import type { Writer } from './writer.ts';

/** Compound statements and expressions per program: most are small, because many small ones find more than few large ones. */
const BUDGETS = [15, 15, 15, 15, 25, 25, 25, 40, 60, 100] as const;
const MAX_DEPTH = 5;

/**
 * What every program begins with. `t` traces and returns its last value; it throws when the program
 * has done enough, so that all programs end. `drive` steps a generator through a script of next,
 * return and throw. `counted` is an iterable that tells what is done to it. It is the same every time, and
 * would be most of what is woven.
 */
const PRELUDE = [
  '// dormouse-ignore-start',
  'const { trace, later } = host; let fuel = 120',
  'const t = (...v) => { if (fuel-- < 0) throw new Error("out of fuel"); trace(...v); return v[v.length - 1] }',
  'const attempt = f => { try { return f() } catch (e) { return t("failed", e) } }',
  'const tag = (s, ...v) => s.raw.join("|") + v.length',
  'const sites = []; const site = s => { if (!sites.includes(s)) sites.push(s); return sites.indexOf(s) }',
  'const drive = (g, script) => attempt(() => { for (const way of script) t(way, g[way]?.("sent")) })',
  'const driveAsync = async (g, script) => { try { for (const way of script) t(way, await g[way]?.("sent")) } catch (e) { t("failed", e) } }',
  'const counted = n => ({ [Symbol.iterator]() { let i = 0; return { next() { t("next", i); return { value: i, done: i++ >= n } }, return(v) { t("return", i); return { value: v, done: true } } } } })',
  'const thenable = v => ({ then(f) { t("then"); f(v) } })',
  '// dormouse-ignore-end',
].join('\n');

/** The program of that number: always the same text for one version of this grammar. It always ends. */
export function randomProgram(number: number, goal: Goal): string {
  const choices = new Choices(number * 2 + (goal === 'module' ? 1 : 0));
  const strict = goal === 'module' || choices.oneIn(2);
  const writer = writerOf(choices);
  const context: Context = {
    variables: [],
    functions: [],
    labels: [],
    breakable: false,
    loop: false,
    return: false,
    await: goal === 'module',
    yield: false,
    arguments: goal === 'script',
    newTarget: false,
    super: false,
    strict,
    depth: 0,
  };
  const parts = Array.from({ length: choices.upTo(4) + 1 }, () => guarded(writer, context));
  return [prologue(choices, goal, strict), PRELUDE, ...parts, ...ending(choices, goal)].join('\n');
}

function writerOf(choices: Choices): Writer {
  let names = 0;
  let steps = 0;
  let budget: number = choices.pick(BUDGETS);
  const writer: Writer = {
    choices,
    fresh: (prefix) => `${prefix}${names++}`,
    notYet: () => `${choices.pick(['v', 'f', 'C'])}${names + choices.upTo(4)}`,
    step: () => steps++,
    spend: ({ depth }) => depth < MAX_DEPTH && budget-- > 0,
    statements: (context, max) => statements(writer, context, max),
    body: (context) => body(writer, context),
    expression: (context) => expression(writer, context),
    leaf: (context) => leaf(writer, context),
    functionExpression: (context) => functionExpression(writer, context),
    arrow: (context) => arrow(writer, context),
    classText: (context, name) => classText(writer, context, name),
    parametersAndBody: (context, kind, own) => parametersAndBody(writer, context, kind, own),
    pattern: (context) => pattern(writer, context),
  };
  return writer;
}

function prologue(choices: Choices, goal: Goal, strict: boolean): string {
  const hashbang = choices.oneIn(8) ? '#!/usr/bin/env node\n' : '';
  if (goal === 'module' || !strict) return `${hashbang}${choices.pick(['', '/* a */', "'use client'", ';'])}`;
  return `${hashbang}${choices.pick(["'use strict'", '/* a\n */ "use strict" // b', "'use client'\n'use strict';"])}`;
}

/** An error ends a part of the program, not all of it. */
function guarded(writer: Writer, context: Context): string {
  const text = writer.statements(context, 5);
  return writer.choices.oneIn(4)
    ? `${writer.fresh('part')}: {\ntry { ${text}\n } catch (e) { trace(e) }\n}`
    : `try {\n${text}\n} catch (e) { trace(e) }`;
}

function ending(choices: Choices, goal: Goal): readonly string[] {
  const end = 'trace("end")';
  if (goal === 'script') return choices.oneIn(4) ? [`if (fuel) return ${end}`, 'trace("never")'] : [end];
  return [
    end,
    choices.pick([
      'export default function () { return t("default") }',
      'export const exported = () => fuel, other = class { m() { return 1 } }',
      'export { t as traced }; export default (() => fuel)',
      'export default class { static x = trace("static") }',
    ]),
  ];
}
