import type { AgentIdentity } from '@dormouse/protocol';
import type { Attributes } from '@opentelemetry/api';
import { resourceFromAttributes, type Resource } from '@opentelemetry/resources';

/** Tags in which people say where a process runs. */
const ENVIRONMENT_TAGS = ['deployment.environment.name', 'environment', 'env'];

/** The process that was probed, by OpenTelemetry's semantic conventions 1.45. */
export function resourceOf(agent: AgentIdentity): Resource {
  const { service, instance, version, commit, buildId, tags } = agent;
  const environment = ENVIRONMENT_TAGS.map((name) => tags[name]).find((value) => value !== undefined);
  return resourceFromAttributes({
    'service.name': service,
    'service.instance.id': instance,
    ...(version !== undefined && { 'service.version': version }),
    ...(environment !== undefined && { 'deployment.environment.name': environment }),
    ...(commit !== undefined && { 'vcs.ref.head.revision': commit }),
    'host.name': agent.host,
    'process.pid': agent.pid,
    'process.runtime.name': 'nodejs',
    'process.runtime.version': agent.node.replace(/^v/, ''),
    ...(buildId !== undefined && { 'dormouse.build.id': buildId }),
    ...attributesOfTags(tags),
  });
}

/** A process of which no more is known than its captures say. */
export const resourceOfUnknown = (service: string, instance: string): Resource =>
  resourceFromAttributes({ 'service.name': service, 'service.instance.id': instance });

const attributesOfTags = (tags: AgentIdentity['tags']): Attributes =>
  Object.fromEntries(Object.entries(tags).map(([name, value]) => [`dormouse.tag.${name}`, value]));
