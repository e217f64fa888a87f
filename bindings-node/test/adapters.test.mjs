// Events that the emulator posts to a server of each framework, each kind, in clear and encrypted.

import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { after, describe, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Client, eventKinds } from 'airudder';
import express from 'express';
import { encryptionKey, startEmulator } from './support/emulator.mjs';
import { frameworks } from './support/frameworks.mjs';

const { readBody } = createRequire(import.meta.url)('../lib/receive.cjs');

const emulator = await startEmulator();
after(() => emulator.stop());

const client = new Client({ baseUrl: emulator.url, encryptionKey, requireEncryption: false });
/** Reads what the emulator says that it posted. */
const reader = new Client({ baseUrl: emulator.url, verifyEvents: false });
const kinds = Object.keys(eventKinds);
const log = () => {};

/** A server, for as long as a test lasts. */
async function serving(context, start, router, options) {
  const server = await start(router, options);
  context.after(() => server.close());
  return server.url;
}

async function post(url, body, headers) {
  const answer = await fetch(url, { method: 'POST', body, headers });
  return [answer.status, await answer.json()];
}

for (const [name, start] of Object.entries(frameworks)) {
  describe(name, () => {
    for (const encrypted of [false, true]) {
      test(`every kind arrives, ${encrypted ? 'encrypted' : 'in clear'}, typed and once`, async (context) => {
        const received = new Map();
        const router = client.events.router();
        for (const kind of kinds) {
          router.on(kind, (event) => {
            ok(!received.has(event.kind), `${event.kind} is handled twice`);
            received.set(kind, event);
          });
        }
        let inClear = 0;
        const handle = (body, headers, options) => {
          if (headers['is-encrypted']?.[0] !== '1') inClear += 1;
          return router.handle(body, headers, options);
        };
        const url = await serving(context, start, { maxEventBytes: router.maxEventBytes, handle });
        for (const kind of kinds) {
          const said = await emulator.post({ kind, url: `${url}/events/${kind}`, encrypted });
          await emulator.confirmed();
          const expected = reader.events.unwrap(Buffer.from(JSON.stringify(said)), {}, { kind });
          const { data, authenticated } = received.get(kind);
          deepEqual(data, expected.data);
          ok(!encrypted || authenticated !== 'nothing');
          equal(expected.data.extra, undefined, `${kind} has fields of no type`);
          ok(Object.keys(expected.data).length > 0);
        }
        equal(received.size, 35);
        equal(inClear, encrypted ? 0 : 35);
      });
    }

    test('copies that arrive together are handled once', async (context) => {
      let calls = 0;
      const router = client.events.router().on('call.finished', () => {
        calls += 1;
      });
      const url = await serving(context, start, router);
      const body = client.events.sample('call.finished');
      const answers = await Promise.all(Array.from({ length: 20 }, () => post(`${url}/events`, body)));
      equal(calls, 1);
      equal(answers.filter(([, { outcome }]) => outcome === 'handled').length, 1);
      ok(answers.every(([, { outcome }]) => ['handled', 'busy', 'duplicate'].includes(outcome)));
      deepEqual(await post(`${url}/events`, body), [200, { outcome: 'duplicate' }]);
    });

    test('what fails is answered 500 and handled when it comes again', async (context) => {
      let calls = 0;
      const router = client.events.router({ log }).on('call.finished', async () => {
        calls += 1;
        if (calls === 1) throw new Error('not yet');
      });
      const url = await serving(context, start, router);
      const body = client.events.sample('call.finished');
      deepEqual(await post(`${url}/events`, body), [500, { outcome: 'failed' }]);
      deepEqual(await post(`${url}/events`, body), [200, { outcome: 'handled' }]);
      equal(calls, 2);
    });

    test('what cannot be taken is refused with its reason', async (context) => {
      const url = await serving(context, start, client.events.router({ log }));
      const events = `${url}/events`;
      const sent = { 'Content-Type': 'application/json' };
      deepEqual(await post(events, '<html>', sent), [400, { outcome: 'refused', reason: 'not_json' }]);
      deepEqual(await post(events, undefined), [400, { outcome: 'refused', reason: 'not_json' }]);
      const signed = { ...sent, 'X-AIRudder-Sign': 'wrong' };
      deepEqual(await post(events, '{}', signed), [401, { outcome: 'refused', reason: 'sign' }]);
      const large = Buffer.alloc(client.events.router().maxEventBytes + 1, ' ');
      deepEqual(await post(events, large, sent), [413, { outcome: 'refused', reason: 'too_large' }]);
      const [status] = await post(events, Buffer.concat([Buffer.from('{}'), large.subarray(3)]), sent);
      equal(status, 200);
    });

    test('a header that came twice with different values is seen', async (context) => {
      const url = new URL(await serving(context, start, client.events.router({ log })));
      const socket = connect(Number(url.port), url.hostname);
      context.after(() => socket.destroy());
      const headers = ['Host: a', 'X-AIRudder-Sign: a', 'X-AIRudder-Sign: b', 'Content-Length: 2', 'Connection: close'];
      socket.write(`POST /events HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n{}`);
      let answer = '';
      for await (const part of socket) answer += part;
      match(answer, /^HTTP\/1\.1 400 .*"bad_header"/s);
    });

    test('a body without an end is answered', async (context) => {
      const url = await serving(context, start, client.events.router({ log }));
      const endless = request(`${url}/events`, { method: 'POST' });
      // Cut off when it has its answer.
      endless.on('error', () => {});
      const answer = once(endless, 'response');
      const part = Buffer.alloc(2 ** 16, '[');
      const writing = setInterval(() => endless.write(part), 1);
      const [{ statusCode }] = await answer;
      clearInterval(writing);
      endless.destroy();
      equal(statusCode, 413);
    });

    test('a body in parts of one byte arrives', async (context) => {
      const url = await serving(context, start, client.events.router());
      const parts = request(`${url}/events`, { method: 'POST', headers: { 'Transfer-Encoding': 'chunked' } });
      parts.setNoDelay(true);
      const answer = once(parts, 'response');
      for (const byte of Buffer.from('{"callid":"c-1"}')) parts.write(Buffer.from([byte]));
      parts.end();
      const [{ statusCode }] = await answer;
      equal(statusCode, 200);
    });

    test('a body that takes too long is answered', async (context) => {
      const url = await serving(context, start, client.events.router({ log, bodyTimeout: 0.2 }));
      const slow = request(`${url}/events`, { method: 'POST', headers: { 'Content-Length': 100 } });
      slow.on('error', () => {});
      const answer = once(slow, 'response');
      slow.write('{');
      const [response] = await answer;
      const { statusCode, headers } = response;
      deepEqual([statusCode, headers.connection], [408, 'close']);
      slow.destroy();
    });

    test('who goes away in the middle harms nobody', async (context) => {
      const url = await serving(context, start, client.events.router({ log }));
      const gone = request(`${url}/events`, { method: 'POST', headers: { 'Content-Length': 100 } });
      gone.on('error', () => {});
      await new Promise((resolve) => gone.write('{', resolve));
      gone.destroy();
      deepEqual(await post(`${url}/events`, '{}'), [200, { outcome: 'unhandled' }]);
    });

    test('the kind is the last part of the path, or the one that is given', async (context) => {
      const kindOf = [];
      const router = client.events.router().otherwise(({ kind }) => kindOf.push(kind));
      const url = await serving(context, start, router);
      await post(`${url}/events/task.finished?from=airudder`, '{"callid":"c-1"}');
      await post(`${url}/events/task.finished/`, '{"callid":"c-2"}');
      await post(`${url}/events/other`, '{"callid":"c-1","talkduration":1}');
      const other = await serving(context, start, router, { kind: 'inbound.call_ended' });
      await post(`${other}/events/task.finished`, '{"callid":"c-1"}');
      deepEqual(kindOf, ['task.finished', 'task.finished', 'call.finished', 'inbound.call_ended']);
    });

    if (name !== 'http') {
      test('other routes go on getting parsed bodies', async (context) => {
        const url = await serving(context, start, client.events.router());
        const answer = await post(`${url}/other`, '{"a":1}', { 'Content-Type': 'application/json' });
        deepEqual(answer, [200, { a: 1 }]);
      });
    }
  });
}

test('what is imported is what is required', async () => {
  const require = createRequire(import.meta.url);
  for (const name of Object.keys(frameworks)) {
    equal((await import(`airudder/${name}`)).receiver, require(`airudder/${name}`).receiver);
  }
});

test('a part of one byte does not keep the memory that it came in', async () => {
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc');
  const stream = new EventEmitter();
  const body = readBody(stream, { maxEventBytes: 10_000, bodyTimeout: 60 });
  const before = process.memoryUsage().arrayBuffers;
  for (let part = 0; part < 2000; part += 1) stream.emit('data', Buffer.alloc(2 ** 16, 'x').subarray(0, 1));
  collect();
  const kept = process.memoryUsage().arrayBuffers - before;
  stream.emit('end');
  equal((await body).toString(), 'x'.repeat(2000));
  ok(kept < 2 ** 20, `${kept} bytes are kept`);
});

test('only POST is for events', async (context) => {
  for (const start of [frameworks.http, frameworks.express]) {
    const url = await serving(context, start, client.events.router());
    const answer = await fetch(`${url}/events`);
    deepEqual([answer.status, answer.headers.get('Allow')], [405, 'POST']);
  }
});

test('a body that express.json has parsed is named as the mistake it is', async (context) => {
  const { receiver } = createRequire(import.meta.url)('airudder/express');
  const lines = [];
  const router = client.events.router({ log: (line) => lines.push(line) });
  const serve = (...before) =>
    new Promise((resolve) => {
      const server = express()
        .use(...before, receiver(router))
        .listen(0, '127.0.0.1', () => resolve(server));
      context.after(() => server.close());
    });
  const sent = { 'Content-Type': 'application/json' };
  const posted = async (server) => post(`http://127.0.0.1:${server.address().port}`, '{"callid":"c-1"}', sent);
  deepEqual(await posted(await serve(express.json())), [400, { outcome: 'refused', reason: 'not_raw' }]);
  match(lines[0], /`body` is an object.*raw body/);
  deepEqual(await posted(await serve(express.text({ type: '*/*' }))), [400, { outcome: 'refused', reason: 'not_raw' }]);
  match(lines[1], /`body` is a string/);
  equal((await posted(await serve(express.raw({ type: '*/*' }))))[0], 200);
  const verify = (request, _response, bytes) => {
    request.rawBody = bytes;
  };
  equal((await posted(await serve(express.json({ verify }))))[0], 200);
});
