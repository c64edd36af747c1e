const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 60;
const HEIGHT = 14;

/** A little curve of the last minute: one bar for each second. */
export function sparkline(beats: readonly number[]): SVGSVGElement {
  const most = Math.max(1, ...beats);
  const bars = beats.map((count, second) => {
    const height = count === 0 ? 0 : Math.max(1.5, (count / most) * HEIGHT);
    return height === 0 ? '' : `M${second + 0.5} ${HEIGHT}v${-height}`;
  });
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute('width', String(WIDTH));
  svg.setAttribute('height', String(HEIGHT));
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', `M0 ${HEIGHT}${bars.join('')}`);
  path.setAttribute('stroke', 'currentColor');
  path.setAttribute('fill', 'none');
  svg.append(path);
  return svg;
}
