// What a listener hears of a download.

import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { Client } from 'airudder';
import { reply, serve } from './support/server.mjs';

const size = 3_000_000;
const recordings = createServer((request, response) => {
  response.setHeader('Content-Type', 'audio/wav');
  if (request.url !== '/endless.wav') return response.end(Buffer.alloc(size));
  const more = () => {
    while (!response.destroyed && response.write(Buffer.alloc(1000)));
  };
  response.on('drain', more);
  return more();
});
recordings.listen(0, '127.0.0.1');
await new Promise((resolve) => recordings.once('listening', resolve));
after(() => {
  recordings.close();
  recordings.closeAllConnections();
});
const url = `http://127.0.0.1:${recordings.address().port}`;
const baseUrl = await serve((request, response) => {
  const isEndless = request.url.includes('endless');
  reply(response, isEndless ? `${url}/endless.wav` : [`${url}/one.wav`, `${url}/two.wav`]);
});
const client = new Client({ baseUrl });
const folder = await mkdtemp(join(tmpdir(), 'airudder-'));
after(() => rm(folder, { recursive: true }));

test('the listener hears of each file, and of nothing after the answer', async () => {
  const heard = [];
  let isOver = false;
  const onProgress = (progress) => {
    ok(!isOver);
    heard.push(progress);
  };
  const files = await client.tasks.recordings({ taskId: 't1', folder }, { onProgress, timeout: 60 });
  isOver = true;
  for (const [at, { path }] of files.entries()) {
    const ofFile = heard.filter(({ file }) => file === at + 1);
    deepEqual(ofFile[0], { path, bytes: 0, totalBytes: size, file: at + 1, files: 2 });
    deepEqual(ofFile.at(-1), { path, bytes: size, totalBytes: size, file: at + 1, files: 2 });
    ok(ofFile.every(({ bytes }, index) => index === 0 || bytes >= ofFile[index - 1].bytes));
  }
  await setTimeout(50);
});

test('what the listener throws ends the download', async () => {
  const enough = new Error('enough');
  const empty = await mkdtemp(join(folder, 'empty-'));
  const onProgress = ({ bytes }) => {
    if (bytes > size) throw enough;
  };
  const { signal } = new AbortController();
  for (const options of [{ onProgress }, { onProgress, signal }]) {
    const call = client.tasks.recordings({ taskId: 'endless', folder: empty }, options);
    equal(await call.catch((error) => error), enough);
  }
  while ((await readdir(empty)).length > 0) await setTimeout(10);
});

test('a signal ends a download that is listened to', async () => {
  const controller = new AbortController();
  const onProgress = ({ bytes }) => {
    if (bytes > size) controller.abort('enough');
  };
  const call = client.tasks.recordings({ taskId: 'endless', folder }, { onProgress, signal: controller.signal });
  equal(await call.catch((error) => error), 'enough');
});

test('a listener is a function, and only downloads have one', async () => {
  const params = { taskId: 't1', folder };
  await rejects(client.tasks.recordings(params, { onProgress: 'no' }), /`onProgress` must be a function/);
  await rejects(client.tasks.robots({ onProgress: () => {} }), /there is no option `onProgress`/);
});
