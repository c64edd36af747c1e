import { openRequest, runIn, type Headers, type RequestContextOptions } from './request.js';

/** Koa 2 and 3: `app.use(requestContext({ attributes: (context) => ({ tenant: context.hostname }) }))`. */
export const requestContext =
  <Context extends { readonly headers: Headers }>(options: RequestContextOptions<Context> = {}) =>
  (context: Context, next: () => Promise<unknown>): Promise<unknown> =>
    runIn(openRequest(context.headers, context, options), next);
