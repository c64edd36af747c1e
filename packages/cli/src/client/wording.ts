/** What the collector's advice says of requests, and the commands that make them. */
const SAID_HERE: readonly (readonly [there: RegExp, here: string])[] = [
  [/Send a token in the header `Authorization: Bearer <token>`\./gu, 'The collector asks for a token.'],
  [
    /with the header Dormouse-Environment, or \?environment=…/gu,
    'with --environment or DORMOUSE_ENVIRONMENT',
  ],
  [/with confirm=(\S+)\.$/gu, 'with --confirm $1.'],
  [/ ?GET \/builds\/:id [^.]*\./gu, ''],
  [/GET \/(agents|captures|probes|services)\b/gu, '"dormouse $1"'],
  [/GET \/(group|template|webhook)s\b/gu, '"dormouse $1"'],
  [/PUT \/kill-switch\b/gu, '"dormouse kill --off"'],
  [/PUT \/manifests\b/gu, '"dormouse manifest upload"'],
  [/POST \/probes\/([\w-]+)\/duplicate\b/gu, '"dormouse duplicate $1"'],
  [/DELETE \/probes\/:id/gu, '"dormouse remove"'],
  [/POST \/groups\/([\w-]+)\/extend\b/gu, '"dormouse group extend $1"'],
  [/POST \/groups\b/gu, '"dormouse group start"'],
];

/** The collector's advice names requests; here it names the commands that make them. */
export function namingCommands(message: string): string {
  return SAID_HERE.reduce((text, [there, here]) => text.replaceAll(there, here), message);
}
