// The programs of the package's README on events, as they stand there.

import { deepEqual, equal } from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import express from 'express';
import { fastify } from 'fastify';
import './support/environment.mjs';

const folder = await mkdtemp(join(tmpdir(), 'airudder-'));
process.chdir(folder);
after(() => rm(folder, { recursive: true }));
process.env.AIRUDDER_BASE_URL = 'http://127.0.0.1:9';

import { createServer } from 'node:http';
import { Client, EventError, SqliteStore } from 'airudder';
import { receiver } from 'airudder/http';

const client = new Client();
const router = client.events.router({ store: new SqliteStore('events.sqlite') });
router.on('call.finished', ({ data }) => console.log(data.callId, data.status));
router.on('task.finished', async ({ data, key }) => console.log(data.taskId, 'has ended', key.length));
const server = createServer(receiver(router));

/** What is printed meanwhile. */
function printed(context) {
  const log = context.mock.method(console, 'log', () => {});
  return () => log.mock.calls.map((call) => call.arguments);
}

async function listening(context, server) {
  server.listen(0, '127.0.0.1');
  context.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${server.address().port}`;
}

const post = async (url, body, headers) => (await fetch(url, { method: 'POST', body, headers })).status;

test('a router handles each event once', async (context) => {
  const lines = printed(context);
  const url = await listening(context, server);
  const event = '{"callid":"c-1","talkduration":3,"status":"answered"}';
  equal(await post(url, event), 200);
  equal(await post(url, event), 200);
  equal(await post(`${url}/events/task.finished`, '{"taskid":"t-1"}'), 200);
  deepEqual(lines(), [
    ['c-1', 'answered'],
    ['t-1', 'has ended', 64],
  ]);
});

test('a router belongs to Express or to Fastify', async (context) => {
  const ways = {
    async express() {
      const { receiver } = await import('airudder/express');
      const app = express();
      app.use('/events', receiver(router)); // before express.json()
      return listening(context, createServer(app));
    },
    async fastify() {
      const { receiver } = await import('airudder/fastify');
      const app = fastify();
      context.after(() => app.close());
      app.register(receiver, { prefix: '/events', router });
      return app.listen({ host: '127.0.0.1', port: 0 });
    },
  };
  const lines = printed(context);
  for (const [name, start] of Object.entries(ways)) {
    equal(await post(`${await start()}/events/call.finished`, `{"callid":"${name}","status":"busy"}`), 200);
  }
  deepEqual(lines(), [
    ['express', 'busy'],
    ['fastify', 'busy'],
  ]);
});

/** Takes an event by hand. */
function byHand(body, headers) {
  try {
    const event = client.events.unwrap(body, headers, { kind: 'call.finished' });
    console.log(event.key, event.data.callId);
  } catch (error) {
    if (!(error instanceof EventError)) throw error;
    console.log(error.reason); // 'not_json'; answer 400
  }
}

test('an event is opened by hand', (context) => {
  const lines = printed(context);
  byHand(Buffer.from('{"callid":"c-1"}'), {});
  byHand(Buffer.from('<html>'), {});
  deepEqual(
    lines().map(([first, ...rest]) => [first.length, ...rest]),
    [[64, 'c-1'], ['not_json'.length]],
  );
});

test('deliveries for a test', async () => {
  const client = new Client({ encryptionKey: 'airudderredduria' });
  const router = client.events.router().on('call.finished', () => {});

  const { body, headers } = client.events.encrypt(client.events.sample('call.finished'));
  const { status, outcome } = await router.handle(body, { ...headers, ...client.events.sign(body) });
  equal(status, 200);
  equal(outcome, 'handled');
});
