// What the stories of this folder share: a receiver of events, the emulator's own addresses, and what is said of it all.

import { createServer } from 'node:http';

/** Nothing in a story waits longer than this. */
export const signal = AbortSignal.timeout(60_000);

/**
 * A server for events on a port of its own. `keep` gets each event that could be read.
 *
 * @param {import('airudder').Client} client
 * @param {(event: import('airudder').AiRudderEvent) => void} keep
 */
export async function receiveEvents(client, keep) {
  const receiver = { received: 0, inClear: 0, close: () => {} };
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    try {
      keep(client.events.unwrap(Buffer.concat(parts), request.headers));
      receiver.received += 1;
      if (request.headers['is-encrypted'] !== '1') receiver.inClear += 1;
      response.end();
    } catch (error) {
      check(false, `an event could be read: ${error}`);
      response.writeHead(400).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  receiver.close = () => {
    server.close();
    server.closeAllConnections();
  };
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  const url = `http://127.0.0.1:${address.port}/events`;
  // The emulator is told where to post. To AI Rudder itself you give the URL of your server by hand, and it has to be reachable from the internet.
  await emulator('PUT', '/_emulator/events', { url });
  say('listening', `for events at ${url}`);
  return receiver;
}

/** Asks the emulator for what the API does not have. @param {string} method @param {string} path @param {unknown} [body] */
export async function emulator(method, path, body) {
  const answer = await fetch(new URL(path, process.env.AIRUDDER_BASE_URL), {
    method,
    signal,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()).data;
}

/** The end of a number: a log is no place for people's numbers. @param {string | undefined} number */
export function masked(number) {
  return `…${number?.slice(-5)}`;
}

/** @param {string} what @param {string} text */
export function say(what, text) {
  console.log(`  ${what.padEnd(14)} ${text}`);
}

/** @param {boolean} holds @param {string} what */
export function check(holds, what) {
  if (holds) return;
  say('WRONG', `it should be so: ${what}`);
  process.exitCode = 1;
}
