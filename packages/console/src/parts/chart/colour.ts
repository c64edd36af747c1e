/** A token's colour as it is now, for what is painted and knows no tokens. */
export function colourOf(token: string, near: HTMLElement): string {
  const sample = document.createElement('span');
  sample.style.color = `var(--${token})`;
  near.append(sample);
  const { color } = getComputedStyle(sample);
  sample.remove();
  return color;
}
