import type { Goal } from '../../src/index.ts';
import { parse } from '../../src/1-parse/parse.ts';
import { loadTypeScript, ts } from '../../src/1-parse/typescript.ts';

loadTypeScript();

/** The index of the first program that still fails, if one does. */
export type FirstFailing = (programs: readonly string[]) => Promise<number | undefined>;

/** How many shorter programs are tried at once. */
const BATCH = 50;

/**
 * Makes a failing program smaller for as long as a smaller one fails too: leaves out statements, members
 * and elements, and puts parts of statements and expressions in their place, large ones first.
 */
export async function reduce(code: string, goal: Goal, firstFailing: FirstFailing): Promise<string> {
  const shorter = shorterPrograms(code, goal);
  for (let from = 0; from < shorter.length; from += BATCH) {
    const batch = shorter.slice(from, from + BATCH);
    const failing = await firstFailing(batch);
    if (failing !== undefined) return reduce(batch[failing] as string, goal, firstFailing);
  }
  return code;
}

/** Every program that is one step shorter, the shortest first. */
function shorterPrograms(code: string, goal: Goal): readonly string[] {
  const { file } = parse(code, goal === 'module' ? 'main.mjs' : 'main.cjs', goal);
  const programs = new Set<string>();
  const add = (shorter: string): void => {
    if (shorter.length < code.length) programs.add(shorter);
  };
  const replace = (node: ts.Node, text: string): void => {
    const before = code.slice(0, node.getStart(file)) + text;
    const after = code.slice(node.end);
    add(before + after);
    if (text === '') add(before + after.replace(/^\s*,\s*/, ''));
    if (text === '') add(before.replace(/,\s*$/, '') + after);
  };
  add(code.replace(/^#!.*/, ''));
  add(code.replaceAll(/^\/\/.*\n/gm, ''));
  add(code.replaceAll(/\s*\n\s*/g, '\n').trim());
  const visit = (node: ts.Node): void => {
    for (const text of replacements(node, file)) replace(node, text);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return [...programs].sort((a, b) => a.length - b.length);
}

function replacements(node: ts.Node, file: ts.SourceFile): readonly string[] {
  if (ts.isStatement(node)) return ['', ';', ...innerTexts(node, file)];
  if (ts.isClassElement(node) || ts.isObjectLiteralElement(node)) return [''];
  if (ts.isCaseOrDefaultClause(node) || ts.isParameter(node)) return [''];
  if (ts.isExpression(node)) return ['0', '', ...childTexts(node, file)];
  return [];
}

/** What a statement is made of, without the statement. */
function innerTexts(node: ts.Node, file: ts.SourceFile): readonly string[] {
  const inner = ts.isBlock(node)
    ? node.statements.map((statement) => statement.getText(file)).join('\n')
    : '';
  return [inner, ...childTexts(node, file)];
}

function childTexts(node: ts.Node, file: ts.SourceFile): readonly string[] {
  const texts: string[] = [];
  ts.forEachChild(node, (child) => {
    texts.push(child.getText(file));
    if (ts.isBlock(child)) texts.push(...innerTexts(child, file));
  });
  return texts;
}
