import type { JSHandle, Locator, Page } from 'playwright-core';

/** Somebody who has a keyboard and nothing else: whatever they come to has to show that it has the focus. */

/** More stops than any view has: a hundred records of the audit trail can be opened, each. */
const MOST_STOPS = 300;

/** What marks the focus is not seen if it has less contrast than this with what is around it: WCAG 2.2, 1.4.11. */
const LEAST_CONTRAST = 3;

/** What Tab comes to. */
export interface Stop {
  /** `button Place` */
  readonly name: string;
  /** Between what marks it and what is around that; 0 where nothing does, or where it is out of sight. */
  readonly contrast: number;
}

/**
 * Presses Tab, or Shift and Tab for what stands before, until a control has the focus.
 * @throws {Error} with the stops on the way where it is not come to, or does not show it
 */
export async function tabTo(control: Locator): Promise<void> {
  await control.waitFor();
  const stops = await moveTo(control, (at) => (at === 'before' ? 'Shift+Tab' : 'Tab'));
  if (stops !== undefined)
    throw new Error(`Tab does not lead to ${String(control)}, but to:\n${stops.join('\n')}`);
}

/** Comes to a control by Tab and presses a key. @param key default: Enter */
export async function press(control: Locator, key = 'Enter'): Promise<void> {
  await tabTo(control);
  await control.page().keyboard.press(key);
}

/** Comes to a field by Tab and writes what is to stand in it. */
export async function write(field: Locator, text: string): Promise<void> {
  await press(field, 'ControlOrMeta+a');
  const { keyboard } = field.page();
  await (text === '' ? keyboard.press('Delete') : keyboard.type(text));
}

/** Writes into the field that takes the focus by itself: nobody begins before it is there. */
export async function type(page: Page, text: string): Promise<void> {
  await page.locator('input:focus, textarea:focus').waitFor();
  await page.keyboard.type(text);
}

/** Comes to a `<select>` by Tab and goes to an option by the arrows. @param option with what it begins */
export async function choose(select: Locator, option: string): Promise<void> {
  await press(select, 'Home');
  const chosen = select.locator('option:checked');
  for (let before: string | undefined; ;) {
    const now = ((await chosen.textContent()) ?? '').trim();
    if (now.startsWith(option)) return;
    if (now === before) throw new Error(`${String(select)} has no option ${option}.`);
    before = now;
    await select.page().keyboard.press('ArrowDown');
  }
}

/** Comes to a group of radio buttons by Tab, which leads to the one that is chosen, and to another by the arrows. */
export async function pick(radio: Locator): Promise<void> {
  const name = await radio.getAttribute('name');
  await tabTo(radio.page().locator(`[type=radio][name="${name}"]:checked`));
  await goTo(radio, 'ArrowRight');
}

/** Presses a key, such as an arrow where Tab leads to a list as a whole, until something has the focus. */
export async function goTo(control: Locator, key: string): Promise<void> {
  const stops = await moveTo(control, () => key);
  if (stops !== undefined)
    throw new Error(`${key} does not lead to ${String(control)}, but to:\n${stops.join('\n')}`);
}

type Standing = 'here' | 'before' | 'after';

/** @returns what else had the focus, where the control never had it */
async function moveTo(
  control: Locator,
  keyFor: (at: Standing) => string,
): Promise<readonly string[] | undefined> {
  const page = control.page();
  const seeing = await eyes(page);
  const stops: string[] = [];
  while (stops.length < MOST_STOPS) {
    const [at, name] = await control.evaluate(
      (element, of) => [of.standing(element), of.name()] as const,
      seeing,
    );
    if (at === 'here') {
      if (!isSeen(await stopOf(page))) throw new Error(`${name} has the focus, and does not show it.`);
      return undefined;
    }
    stops.push(name);
    await page.keyboard.press(keyFor(at));
  }
  return stops;
}

/** Goes through the page by Tab, from its first control on. @returns its stops in their order; throws where it does not end */
export async function walk(page: Page): Promise<readonly Stop[]> {
  await page.evaluate("document.querySelector('a[href], button, input, select').focus()");
  const first = await stopOf(page);
  const stops: Stop[] = [];
  for (
    let at = first;
    at.name !== NOWHERE && (stops.length === 0 || at.name !== first.name);
    at = await stopOf(page)
  ) {
    stops.push(at);
    if (stops.length === MOST_STOPS)
      throw new Error(`Tab does not come to an end:\n${stops.map(({ name }) => name).join('\n')}`);
    await page.keyboard.press('Tab');
  }
  return stops;
}

/** What has the focus. */
export const stopOf = async (page: Page): Promise<Stop> => (await eyes(page)).evaluate((of) => of.stop());

export const isSeen = ({ contrast }: Stop): boolean => contrast >= LEAST_CONTRAST;

interface Eyes {
  /** Where a control stands, as the one sees it who has the focus. */
  standing(control: unknown): Standing;
  /** Of what has the focus. */
  name(): string;
  stop(): Stop;
}

const eyes = (page: Page): Promise<JSHandle<Eyes>> => page.evaluateHandle<Eyes>(`(() => {${EYES}})()`);

const NOWHERE = 'nowhere';

/** Runs in the page, whose content security policy lets nobody but the debugger bring scripts. */
const EYES = `
  const focused = () => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at === document.body ? undefined : at;
  };
  const around = (element) => element.parentElement ?? element.getRootNode().host;
  const inDocument = (element) => {
    while (element.getRootNode() !== document) element = element.getRootNode().host;
    return element;
  };
  const standing = (control) => {
    const at = focused();
    if (at === control) return 'here';
    // A list that is drawn anew has another one in its place, which is found with the next look.
    const isBefore = at && control.isConnected && inDocument(at).compareDocumentPosition(inDocument(control)) & Node.DOCUMENT_POSITION_PRECEDING;
    return isBefore ? 'before' : 'after';
  };
  const nameOf = (element) =>
    [
      element.getAttribute('role') ?? element.localName,
      element.ariaLabel ?? element.labels?.[0]?.textContent ?? element.placeholder ?? element.textContent,
    ].join(' ').replaceAll(/\\s+/g, ' ').trim().slice(0, 80);
  const luminanceOf = (layers) => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    for (const colour of layers) {
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
    }
    const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) =>
      part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrastOf = (colour, ground) => {
    const [darker, lighter] = [[...ground, colour], ground].map(luminanceOf).sort((one, other) => one - other);
    return (lighter + 0.05) / (darker + 0.05);
  };
  /** From the page's colour up to its own: each may let through what is below it. */
  const groundOf = (element) => {
    const layers = [];
    for (let at = element; at; at = around(at)) layers.unshift(getComputedStyle(at).backgroundColor);
    return ['white', ...layers];
  };
  const focusColour = () => {
    const mark = document.head.appendChild(document.createElement('i'));
    mark.style.color = 'var(--focus)';
    const { color } = getComputedStyle(mark);
    mark.remove();
    return color;
  };
  const isInSight = (element) => {
    const { top, bottom, left, right } = element.getBoundingClientRect();
    return top < innerHeight && bottom > 0 && left < innerWidth && right > 0 && bottom - top > 2;
  };
  /** An outline, or a shadow in the colour of the focus, of it or of what is close around it. */
  const markOf = (element) => {
    const colour = focusColour();
    for (let at = element, level = 0; at && level < 6; at = around(at), level++) {
      const { outlineStyle, outlineWidth, outlineOffset, outlineColor, boxShadow } = getComputedStyle(at);
      const isOutlined = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1;
      if (!isInSight(at) || !(isOutlined || boxShadow.includes(colour))) continue;
      return isOutlined
        ? { colour: outlineColor, ground: groundOf(parseFloat(outlineOffset) < 0 ? at : around(at)) }
        : { colour, ground: groundOf(at) };
    }
  };
  const name = () => (focused() ? nameOf(focused()) : '${NOWHERE}');
  const stop = () => {
    const at = focused();
    if (!at) return { name: name(), contrast: 0 };
    // The button in a field for a time is the browser's own, and so is its mark.
    if (!at.matches(':focus')) return { name: nameOf(at), contrast: ${LEAST_CONTRAST} };
    const mark = markOf(at);
    return { name: nameOf(at), contrast: mark === undefined ? 0 : contrastOf(mark.colour, mark.ground) };
  };
  return { standing, name, stop };
`;
