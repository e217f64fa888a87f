// A server of AI Rudder's API for one test: it hands out tokens, and the test answers the rest.

import './environment.mjs';
import { createServer } from 'node:http';
import { after } from 'node:test';

/** Starts it on a free port; it ends with the test file. `answer` gets each request but those for a token. */
export async function serve(answer) {
  const server = createServer((request, response) => {
    if (request.url === '/service/cloud/auth') return reply(response, { token: 'a-token' });
    return answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

/** Answers with data in AI Rudder's envelope. */
export function reply(response, data, envelope = { code: 200, status: 'OK' }) {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({ ...envelope, data }));
}

/** The whole body of a request. */
export async function bytesOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

/** The whole body of a request, as text. */
export async function bodyOf(request) {
  return (await bytesOf(request)).toString();
}
