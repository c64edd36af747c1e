import type { Command, Options, PassingCommand, ReadCommand } from '../command/command.js';

interface Entry {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** Commands that only scripts of ours call. */
export const INNER_COMMANDS: Readonly<Record<string, Entry>> = {
  complete: entry('Say what a line may become', () => import('./complete.js')),
};

function entry<O extends Options>(
  summary: string,
  load: () => Promise<{ readonly command: ReadCommand<O> | PassingCommand }>,
): Entry {
  return { summary, load: async () => (await load()).command as Command };
}

/** Every command, in the order of its first use; each is loaded when it is called. */
export const COMMANDS: Readonly<Record<string, Entry>> = {
  collector: entry('Start a collector', () => import('./collector.js')),
  backup: entry('Copy all that the collector remembers into a file', () => import('./backup.js')),
  restore: entry('Put such a file where a collector finds it', () => import('./restore.js')),
  login: entry("Remember a collector's address and token", () => import('./login.js')),
  profiles: entry('Choose among the collectors that were logged in to', () => import('./profiles.js')),
  console: entry('Print a link that opens the console in a browser', () => import('./console.js')),
  whoami: entry('Show who asks, and what they may do', () => import('./whoami.js')),
  user: entry('Invite people, and say who may come in', () => import('./user.js')),
  organisation: entry('List, make, rename and delete organisations', () => import('./organisation.js')),
  project: entry('The same for projects', () => import('./project.js')),
  environment: entry('The same for environments', () => import('./environment.js')),
  token: entry('List, make, rotate and revoke tokens', () => import('./token.js')),
  elevate: entry('Have more rights for a time, with a reason', () => import('./elevate.js')),
  tsc: entry("Run the project's tsc and weave what it emits", () => import('./tsc.js')),
  weave: entry('Weave JavaScript that any other compiler emitted', () => import('./weave.js')),
  manifest: entry('Merge the manifests of several builds, or upload one', () => import('./manifest.js')),
  sources: entry(
    'Publish the sources of a build, so that the console shows code',
    () => import('./sources.js'),
  ),
  search: entry('Find lines in the published sources', () => import('./search.js')),
  services: entry('List services, their processes and builds', () => import('./services.js')),
  agents: entry('List processes: how they stand, and what their probes do', () => import('./agents.js')),
  functions: entry('Find functions of the build that runs', () => import('./functions.js')),
  points: entry('List where in a file probes can be placed', () => import('./points.js')),
  snapshot: entry('Capture variables and stack at a line', () => import('./snapshot.js')),
  log: entry('Write a log at a line', () => import('./log.js')),
  counter: entry('Count hits, in all or by key', () => import('./counter.js')),
  gauge: entry('Watch a number: last, least, largest, mean', () => import('./gauge.js')),
  histogram: entry('Show the distribution of a number', () => import('./histogram.js')),
  duration: entry('Time the calls of a function', () => import('./duration.js')),
  tictoc: entry('Time the way from one line to another', () => import('./tictoc.js')),
  check: entry('Verify that something always holds', () => import('./check.js')),
  path: entry('Follow one call of a function line by line', () => import('./path.js')),
  span: entry('Trace the calls of a function as spans', () => import('./span.js')),
  tag: entry('Set attributes of the active span at a line', () => import('./tag.js')),
  probes: entry('List probes', () => import('./probes.js')),
  probe: entry('Show a probe and its account in each process', () => import('./probe.js')),
  wait: entry('Wait until a probe is armed, has hits or ends', () => import('./wait.js')),
  extend: entry('Give a probe more time or more hits', () => import('./extend.js')),
  duplicate: entry('Place a probe once more, with changes', () => import('./duplicate.js')),
  remove: entry('Remove probes', () => import('./remove.js')),
  template: entry('Saved probes with parameters', () => import('./template.js')),
  group: entry('Probes that live and end together', () => import('./group.js')),
  kill: entry('Switch probes off at once, or on again', () => import('./kill.js')),
  policy: entry('Show and set what may not be probed, is hidden, and how much', () => import('./policy.js')),
  tail: entry('Follow captures as they come', () => import('./tail.js')),
  captures: entry('List captures', () => import('./captures.js')),
  capture: entry('Show a capture', () => import('./capture.js')),
  'dry-run': entry('Try expressions out on a capture', () => import('./dry-run.js')),
  webhook: entry('Tell others of hits, verdicts, pauses and ends', () => import('./webhook.js')),
  otlp: entry('Send evidence on as OpenTelemetry', () => import('./otlp.js')),
  audit: entry('Show, verify and export who did what', () => import('./audit.js')),
  doctor: entry('Find out why a probe does not hit', () => import('./doctor.js')),
  completion: entry('Print what a shell needs to complete all this', () => import('./completion.js')),
  mcp: entry('Let an AI agent ask, by the Model Context Protocol', () => import('./mcp.js')),
};
