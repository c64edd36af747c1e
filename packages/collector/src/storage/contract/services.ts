/** The services that were ever heard of. */
export interface ServiceStore {
  /** A service that is known stays as it is. */
  remember(service: string): Promise<void>;
  /** By name. */
  names(): Promise<string[]>;
}
