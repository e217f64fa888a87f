// An aborted call rejects with the signal's reason, and its request leaves the wire.

import { equal, ok, rejects } from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { Client } from 'airudder';
import { reply, serve } from './support/server.mjs';

/** The task ids of the requests that came, and of those whose connection the client closed before they were answered. */
const arrivals = new EventTarget();
const closed = [];
const baseUrl = await serve((request, response) => {
  const query = new URL(request.url, 'http://x').searchParams;
  const id = query.get('id') ?? query.get('TaskID');
  if (id === null) return reply(response, { List: [] });
  request.socket.once('close', () => {
    closed.push(id);
    arrivals.dispatchEvent(new Event(`closed ${id}`));
  });
  arrivals.dispatchEvent(new Event(id));
});
const client = new Client({ baseUrl, maxRetries: 0 });
// Every call below finds a token: what is aborted is its own request.
await client.tasks.robots();

async function abortWhenArrived(id, abort, signal) {
  const arrived = once(arrivals, id);
  const left = once(arrivals, `closed ${id}`);
  const call = client.tasks.detail({ taskId: id }, { signal });
  const outcome = call.then(
    () => 'an answer',
    (error) => error,
  );
  await arrived;
  ok(!closed.includes(id));
  abort();
  const error = await outcome;
  await left;
  return error;
}

test('the call rejects with the reason and the server sees the connection close', async () => {
  const controller = new AbortController();
  const reason = new Error('changed my mind');
  equal(await abortWhenArrived('with-a-reason', () => controller.abort(reason), controller.signal), reason);
});

test('without a reason it is the AbortError that fetch gives', async () => {
  const controller = new AbortController();
  const error = await abortWhenArrived('without-a-reason', () => controller.abort(), controller.signal);
  equal(error.name, 'AbortError');
  equal(error, controller.signal.reason);
});

test('a signal that times out aborts, too', async () => {
  const signal = AbortSignal.timeout(50);
  const timedOut = new Promise((resolve) => signal.addEventListener('abort', resolve));
  // The signal's own timer does not keep a process alive, and here nothing else would.
  const alive = setInterval(() => {}, 1000);
  await rejects(client.tasks.detail({ taskId: 'timeout' }, { signal }), { name: 'TimeoutError' });
  await timedOut;
  clearInterval(alive);
});

test('the reason says that a call with an effect may have been applied', async () => {
  for (const [id, begin, expected] of [
    ['stop', (signal) => client.tasks.stop({ taskId: 't1' }, { signal, extraQuery: { id: 'stop' } }), true],
    ['posted', (signal) => client.raw({ method: 'POST', path: '/x', query: { id: 'posted' } }, { signal }), true],
    ['got', (signal) => client.raw({ method: 'GET', path: '/x', query: { id: 'got' } }, { signal }), undefined],
    ['read', (signal) => client.tasks.detail({ taskId: 'read' }, { signal }), undefined],
  ]) {
    const controller = new AbortController();
    const arrived = once(arrivals, id);
    const outcome = begin(controller.signal).catch((error) => error);
    await arrived;
    controller.abort();
    const error = await outcome;
    equal(error, controller.signal.reason);
    equal(error.mayHaveBeenApplied, expected, id);
  }
  const controller = new AbortController();
  const arrived = once(arrivals, 'frozen');
  const options = { signal: controller.signal, extraQuery: { id: 'frozen' } };
  const outcome = client.tasks.stop({ taskId: 't1' }, options).catch((error) => error);
  await arrived;
  controller.abort(Object.freeze(new Error('frozen')));
  equal(await outcome, controller.signal.reason);
});

test('a signal that is aborted already sends nothing', async () => {
  const signal = AbortSignal.abort('too late');
  const arrived = [];
  arrivals.addEventListener('never', () => arrived.push('never'));
  await rejects(client.tasks.detail({ taskId: 'never' }, { signal }), (error) => error === 'too late');
  await client.tasks.robots();
  equal(arrived.length, 0);
});

test('a download stops and leaves no file', { timeout: 20_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'airudder-'));
  after(() => rm(folder, { recursive: true }));
  const half = await serve((request, response) => {
    response.writeHead(200, { 'Content-Type': 'audio/wav', 'Content-Length': '1000' });
    response.write(Buffer.alloc(500));
    request.socket.once('close', () => arrivals.dispatchEvent(new Event('download closed')));
    arrivals.dispatchEvent(new Event('download'));
  });
  const controller = new AbortController();
  const arrived = once(arrivals, 'download');
  const left = once(arrivals, 'download closed');
  const params = { taskId: 'a', callee: '+6281230001111', path: join(folder, 'call.wav') };
  const call = new Client({ baseUrl: half }).tasks.recording(params, { signal: controller.signal });
  const outcome = call.catch((error) => error);
  await arrived;
  controller.abort('enough');
  equal(await outcome, 'enough');
  await left;
  // The file goes a moment after the connection.
  while ((await readdir(folder)).length > 0) await setTimeout(5);
});

test('a signal that lives through 10,000 calls keeps nothing of them', async () => {
  const { signal } = new AbortController();
  const warnings = [];
  process.on('warning', (warning) => warnings.push(warning));
  for (let round = 0; round < 100; round += 1) {
    await Promise.all(Array.from({ length: 100 }, () => client.tasks.robots({ signal })));
  }
  equal(getEventListeners(signal, 'abort').length, 0);
  await new Promise(setImmediate);
  equal(warnings.map(String).join('\n'), '');
});

test('aborting after the answer changes nothing', async () => {
  const controller = new AbortController();
  const answer = await client.tasks.robots({ signal: controller.signal });
  controller.abort(new Error('nobody listens'));
  await new Promise(setImmediate);
  equal(answer.robots.length, 0);
});
