import type { OidcOptions } from './options.js';
import type { OidcProvider } from './provider.js';

/** The provider that options name, if they do. What speaks with it is loaded when it is needed. @throws {StartError} */
export async function openProvider(options: OidcOptions | undefined): Promise<OidcProvider | undefined> {
  if (options === undefined) return undefined;
  const { OidcProvider: Provider } = await import('./provider.js');
  return new Provider(options);
}
