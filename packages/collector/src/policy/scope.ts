/** What a policy is of: everything, a service, or one of its processes. */
export interface PolicyScope {
  readonly service?: string;
  /** With its service. */
  readonly instance?: string;
}

export const EVERYTHING: PolicyScope = {};

/** A text that stands for a scope. */
export function keyOf({ service, instance }: PolicyScope): string {
  if (instance !== undefined) return `instance ${instance}`;
  return service === undefined ? 'everything' : `service ${service}`;
}

/** As a person says it. */
export function nameOf({ service, instance }: PolicyScope): string {
  if (instance !== undefined) return `process ${instance} of ${service}`;
  return service ?? 'everything';
}
