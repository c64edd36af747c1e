import type { Page } from 'playwright-core';

/** Adds up what moves without anybody having asked for it; for pages that are opened after it. */
export const watchShifts = (page: Page): Promise<unknown> =>
  page.addInitScript(`
    shifts = [];
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of list.getEntries())
        if (!hadRecentInput)
          shifts.push({
            value,
            moved: sources.map(({ node, previousRect: from, currentRect: to }) =>
              [node?.outerHTML?.slice(0, 120), from.x, from.y, 'to', to.x, to.y].join(' '),
            ),
          });
    }).observe({ type: 'layout-shift', buffered: true });
  `);

/** What has moved since the page was opened, and how much of the page that was. */
export const shiftsOf = (page: Page): Promise<readonly { readonly value: number }[]> =>
  page.evaluate('shifts') as Promise<{ value: number }[]>;

/** What can be pressed or filled in and cannot be reached without scrolling the page sideways. */
export const beyondTheEdge = (page: Page): Promise<string[]> =>
  page.evaluate(`
    [...document.querySelectorAll('a, button, input, select, textarea, [role=option], [role=treeitem]')]
      .filter((element) => element.checkVisibility() && !element.closest('.heard'))
      .filter((element) => {
        for (let around = element.parentElement; around !== null; around = around.parentElement)
          if (around !== document.documentElement && around.scrollWidth > around.clientWidth && getComputedStyle(around).overflowX === 'auto')
            return false;
        const { left, right } = element.getBoundingClientRect();
        return left < -1 || right > innerWidth + 1;
      })
      .map((element) => element.outerHTML.slice(0, 200))
      .concat(document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [])
  `) as Promise<string[]>;

/** What moves by itself although nobody wants it to. */
export const moving = (page: Page): Promise<string[]> =>
  page.evaluate(
    `document.getAnimations().map(({ effect }) => effect.target.outerHTML.slice(0, 200))`,
  ) as Promise<string[]>;
