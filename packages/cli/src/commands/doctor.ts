import { parseFileOrLine, parseLocation } from '../ask/location.js';
import { findConnection } from '../client/connection.js';
import { defineCommand } from '../command/command.js';
import { examine, type Question } from '../doctor/examine.js';
import type { Finding } from '../doctor/finding.js';
import { examineProject } from '../doctor/project.js';
import { EXIT, UsageError } from '../failure.js';
import { renderFinding } from '../render/findings.js';
import { count } from '../render/text.js';

export const command = defineCommand({
  positionals: [
    { name: 'SERVICE', values: 'services', summary: 'default: that of the probe, or all', optional: true },
    {
      name: 'PROBE',
      values: 'probes',
      summary: 'an id, as "dormouse probes --all" lists it; or FILE, FILE:LINE, FILE:FUNCTION',
      optional: true,
    },
  ],
  options: {
    project: { type: 'string', value: 'DIR', summary: 'Look at a build instead, before anything of it runs' },
  },
  notes: `Examples
  dormouse doctor p_8m2k1c04vz               # why does it not hit?
  dormouse doctor trades risk.ts:42          # could one hit there?
  dormouse doctor                            # is everything well, anywhere?
  dormouse doctor --project .                # is it woven, and will it be heard of?

Looks, in the order of a probe's life, at all that it needs, says what it found and what to do, and changes nothing.
Ends with 1 if something is wrong. With --json: {"healthy":…,"findings":[…]}; the code of each stays the same.`,
  async run({ values, positionals, answer, terminal }) {
    const { project, json } = values;
    if (project !== undefined && positionals.length > 0)
      throw new UsageError('--project looks at a folder: neither a service nor a probe.');
    const found: Finding[] = [];
    const findings =
      project === undefined
        ? examine(findConnection(values), questionOf(positionals))
        : examineProject(project, process.env);
    for await (const finding of findings) {
      found.push(finding);
      if (json !== true) terminal.out.print(renderFinding(finding, terminal.out.style));
    }
    const problems = found.filter(({ verdict }) => verdict === 'bad').length;
    answer({ healthy: problems === 0, findings: found }, () =>
      problems === 0 ? '\nNothing is wrong.' : `\n${count(problems, 'problem')}.`,
    );
    return problems === 0 ? EXIT.ok : EXIT.failure;
  },
});

const PROBE = /^p_[0-9a-z]+$/u;

/** Either may be left out: what is meant shows in how it is written. */
function questionOf(positionals: readonly string[]): Question {
  const [last, ...before] = positionals.toReversed();
  if (last === undefined) return {};
  const [service] = before;
  if (PROBE.test(last)) return { service, probe: last };
  if (service === undefined && !/[.:]/u.test(last)) return { service: last };
  const location = last.includes(':') ? parseLocation(last) : parseFileOrLine(last);
  return { service, location };
}
