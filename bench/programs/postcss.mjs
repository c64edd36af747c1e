import postcss from 'postcss';

const RULE =
  '@media (min-width: 1px) { a > b:hover { color: red; top: calc(1px + 2%); --x: { y: z } } } /* c */\n';
const shout = { postcssPlugin: 'shout', Declaration: (d) => void (d.value = d.value.toUpperCase()) };
const shouted = (css) => postcss([shout]).process(css, { from: undefined, map: false }).css.length;

export const first = () => shouted(RULE);

const css = RULE.repeat(300);
export const work = () => shouted(css);
