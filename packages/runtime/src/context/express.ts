import { openRequest, runIn, type Headers, type RequestContextOptions } from './request.js';

/** Express 4 and 5: `app.use(requestContext({ attributes: (request) => ({ tenant: request.hostname }) }))`. */
export const requestContext =
  <Request extends { readonly headers: Headers }>(options: RequestContextOptions<Request> = {}) =>
  (request: Request, _response: unknown, next: () => void): void => {
    runIn(openRequest(request.headers, request, options), next);
  };
