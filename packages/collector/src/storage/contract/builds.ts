import type { BuildView } from '@dormouse/protocol';

/** A build with its manifest. */
export interface StoredBuild extends Omit<BuildView, 'service'> {
  /** JSON, gzip. */
  readonly manifest: Uint8Array;
}

/** The builds that were ever seen, and which services run or will run them. */
export interface BuildStore {
  /** A build that is known stays as it is: its id is a hash of its content. */
  save(build: StoredBuild): Promise<void>;
  /** Notes that a service runs or will run a build, known or not. */
  link(service: string, buildId: string): Promise<void>;
  manifest(buildId: string): Promise<Uint8Array | undefined>;
  /** A service's builds whose manifests are here, seen last first. */
  idsOf(service: string): Promise<string[]>;
  /** The services of a build, by name. */
  servicesOf(buildId: string): Promise<string[]>;
  /** All whose manifests are here, once for each of their services, seen last first. */
  list(): Promise<BuildView[]>;
}
