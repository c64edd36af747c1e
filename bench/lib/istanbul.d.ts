/** What the suite uses of istanbul's instrumenter, which ships no types. */
declare module 'istanbul-lib-instrument' {
  export function createInstrumenter(options: { readonly esModules: boolean; readonly compact: boolean }): {
    instrumentSync(code: string, file: string): string;
  };
}
