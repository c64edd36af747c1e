import { z } from 'zod';
import {
  ERROR_CODES,
  type AgentDetail,
  type AgentView,
  type BuildOutline,
  type BuildView,
  type ErrorBody,
  type ErrorCode,
  type FileView,
  type FunctionView,
  type PointView,
  type ServiceView,
  type SourceSearchView,
  type SourceView,
} from '@dormouse/protocol';
import { agentIdentity } from './agent-message.js';
import { exits, functionKind, skippedFile, wovenForm } from './manifest.js';
import { budgetReport, killView, pause, policyReport } from './policy.js';
import { probeReport } from './probe.js';
import { count, longName, name, position, time } from './text.js';

/** The bodies of answers that are not probes or captures, see `api.ts` of the protocol. */

const agentView = agentIdentity
  .extend({
    connected: z.boolean(),
    firstSeen: time,
    lastSeen: time,
    policy: policyReport
      .extend({ wanted: count.meta({ description: 'The revision that it should have.' }) })
      .meta({ description: 'While it is connected.' })
      .exactOptional(),
    pause: pause.exactOptional(),
    killed: killView.exactOptional(),
  })
  .meta({ id: 'Agent', description: 'A process of a service.' }) satisfies z.ZodType<AgentView>;

const agentProbes = z
  .object({
    told: count.meta({ description: 'Probes that it was told of.' }),
    armed: count,
    waiting: count.meta({ description: 'They wait for their file, or have not been heard of yet.' }),
    disarmed: count,
    resting: count.meta({ description: 'Of the armed ones, those that rest.' }),
    ...probeReport.pick({
      seen: true,
      matched: true,
      captured: true,
      incomplete: true,
      skipped: true,
      dropped: true,
    }).shape,
  })
  .meta({ description: 'Its probes, counted by where they stand, and their accounts added up.' });

export const agentDetail: z.ZodType<AgentDetail> = agentView
  .extend({
    probes: agentProbes.exactOptional(),
    budget: budgetReport.exactOptional(),
    reports: z
      .array(probeReport)
      .meta({ description: 'Each of its probes; only where one process is asked for.' })
      .exactOptional(),
  })
  .meta({
    id: 'AgentDetail',
    description:
      'A process, and while it is connected to the collector that answers, what it says of its probes and its budget.',
  });

const buildView = z
  .object({
    buildId: name,
    service: name,
    commit: name.exactOptional(),
    files: count,
    functions: count,
    points: count,
    skipped: count,
  })
  .meta({
    id: 'Build',
    description: 'A woven build of a service, in numbers.',
  }) satisfies z.ZodType<BuildView>;

export const serviceView: z.ZodType<ServiceView> = z
  .object({
    service: name,
    agents: z.array(agentView),
    builds: z.array(buildView),
    killed: killView.exactOptional(),
  })
  .meta({ id: 'Service', description: 'A service with its processes and builds, newest first.' });

export const buildOutline: z.ZodType<BuildOutline> = z
  .object({
    buildId: name,
    commit: name.exactOptional(),
    weaver: name,
    contract: count,
    services: z.array(name),
    files: z.array(
      z.object({ output: longName, sources: z.array(longName), functions: count, points: count }),
    ),
    skipped: z.array(skippedFile),
  })
  .meta({ id: 'BuildOutline', description: 'The files of a build, and those left unwoven with the reason.' });

export const fileView: z.ZodType<FileView> = z
  .object({
    file: longName,
    functions: count,
    points: count,
    published: z.boolean().meta({ description: 'Whether its text was published, and can be shown.' }),
    hash: z
      .string()
      .meta({ description: 'SHA-256 of the text that was woven, hexadecimal, where that was at hand.' })
      .exactOptional(),
  })
  .meta({ id: 'File', description: 'An original source that a build was made from.' });

export const sourceView: z.ZodType<SourceView> = z
  .object({ buildId: name, file: longName, text: z.string() })
  .meta({ id: 'Source', description: 'The text of an original source, as it was when the build was woven.' });

export const sourceSearchView: z.ZodType<SourceSearchView> = z
  .object({
    buildId: name,
    lines: z.array(
      z.object({
        file: longName,
        line: position,
        column: position.meta({ description: 'Of the first place in the line.' }),
        text: z.string().meta({ description: 'Of a long line what is around that place.' }),
      }),
    ),
    complete: z.boolean().meta({
      description: 'Whether all that was published was looked through, and all that was found is here.',
    }),
    unpublished: count.meta({ description: 'Sources of the build that nobody has published.' }),
  })
  .meta({ id: 'SourceSearch', description: 'The lines of published sources that have a text.' });

export const pointView: z.ZodType<PointView> = z
  .object({
    buildId: name,
    file: longName,
    line: position,
    column: position,
    function: z.string(),
    kind: functionKind,
    form: wovenForm,
    variables: z
      .array(z.string())
      .meta({ description: '`this` first where the point has it, then locals, then outers.' }),
  })
  .meta({ id: 'Point', description: 'A statement that a probe can stand before.' });

export const functionView: z.ZodType<FunctionView> = z
  .object({
    buildId: name,
    file: longName,
    function: z.string(),
    kind: functionKind,
    form: wovenForm,
    async: z.boolean(),
    exits: exits.meta({ description: 'What can be seen of its calls besides its lines.' }),
    line: position,
    endLine: position,
    lines: z.array(position).meta({ description: 'Those that probes can stand on.' }),
    variables: z.array(z.string()),
  })
  .meta({ id: 'Function', description: 'A function with the lines and variables that probes can see.' });

export const errorBody: z.ZodType<ErrorBody> = z
  .object({
    error: z.object({
      code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
      message: z.string().meta({ description: 'What, where and what to do, in one or two sentences.' }),
      path: z
        .string()
        .meta({ description: 'Where inside the request: `condition`, `watches[2]`, `location.line`.' })
        .exactOptional(),
      excerpt: z
        .string()
        .meta({ description: 'The expression with a caret under the character, two lines.' })
        .exactOptional(),
      suggestions: z
        .array(z.string())
        .meta({ description: 'What the caller may have meant: nearest names, nearest lines.' })
        .exactOptional(),
    }),
  })
  .meta({ id: 'Error', description: 'The body of every error.' });
