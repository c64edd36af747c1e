/** As much of Datadog's agent as its debugger asks for: it tells what it has, and takes everything. */
import { createServer } from 'node:http';

const ENDPOINTS = [
  '/debugger/v1/input',
  '/debugger/v2/input',
  '/debugger/v1/diagnostics',
  '/v0.7/config',
  '/v0.4/traces',
];

const server = createServer((request, response) => {
  request.resume();
  response.setHeader('content-type', 'application/json');
  response.end(request.url === '/info' ? JSON.stringify({ endpoints: ENDPOINTS }) : '{}');
});
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` }));
});
