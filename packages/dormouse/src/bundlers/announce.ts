import type { Settings } from './options.js';
import { type BundleReport, renderReport } from './report.js';

/** Tells of a finished build as the options ask for it. Standard output may be somebody's JSON. */
export function announce(report: BundleReport, settings: Settings): void {
  if (typeof settings.report === 'function') settings.report(report);
  else say(renderReport(report), settings);
}

/** Tells that a build is left alone because browsers run it. */
export function announceBrowser(host: string, settings: Settings): void {
  say(
    `dormouse: nothing is woven, because ${host} builds for browsers. The option \`browser: true\` weaves it all the same.`,
    settings,
  );
}

function say(text: string, { report }: Settings): void {
  if (report !== false) process.stderr.write(`${text}\n`);
}
