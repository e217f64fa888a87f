// Calls that are signed: by the default, and by a function of the caller's own.

import { deepEqual, equal, match, ok, rejects, throws } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inspect, promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { Client } from 'airudder';
import { bytesOf, reply, serve } from './support/server.mjs';

const signKey = '0f8fad5bd9cb469fa165708667284a2c';
const signSecret = 'canary-sign-secret';
const hmac = (body) => createHmac('sha256', signSecret).update(body).digest('hex');

const requests = [];
const baseUrl = await serve(async (request, response) => {
  requests.push({ url: request.url, headers: request.headers, body: await bytesOf(request) });
  reply(response, {});
});

test('the default is HMAC-SHA256 over the body, and no token', async () => {
  await new Client({ baseUrl, signKey, signSecret }).chatbot.messages({ callId: 'c-1' });
  const { headers, body } = requests.at(-1);
  equal(headers['x-airudder-sign-key'], signKey);
  equal(headers['x-airudder-sign'], hmac(body));
  equal(headers.authorization, undefined);
});

test('a signer takes its place, and gets the request', async () => {
  const asked = [];
  const signer = (request) => {
    asked.push(request);
    return `signed ${hmac(request.body)}`;
  };
  const options = { extraQuery: { a: 'b' } };
  await new Client({ baseUrl, signKey, signer }).chatbot.messages({ callId: 'c-1' }, options);
  const { url, headers, body } = requests.at(-1);
  equal(headers['x-airudder-sign'], `signed ${hmac(body)}`);
  ok(asked[0].body instanceof Uint8Array);
  deepEqual(asked, [{ method: 'POST', path: url, signKey, body, bodySha256: null }]);
  match(url, /\?a=b$/);
});

test('a signer may take its time, and several are under way at once', async () => {
  let running = 0;
  let most = 0;
  const signer = async ({ body }) => {
    running += 1;
    most = Math.max(most, running);
    // Nobody goes on before all have come.
    while (most < 32) await setTimeout(1);
    return hmac(body);
  };
  requests.length = 0;
  const client = new Client({ baseUrl, signKey, signer });
  const calls = Array.from({ length: 32 }, (_, number) => client.chatbot.messages({ callId: `c-${number}` }));
  await Promise.all(calls);
  equal(most, 32);
  equal(requests.length, 32);
  for (const { headers, body } of requests) equal(headers['x-airudder-sign'], hmac(body));
});

test('a file on the disk is signed by its digest, one in memory by itself', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'airudder-'));
  after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'photo.png');
  await writeFile(path, Buffer.alloc(400_000, 'photo'));
  const asked = [];
  const signer = (request) => {
    asked.push(request);
    return 'signed';
  };
  requests.length = 0;
  const client = new Client({ baseUrl, signKey, signer });
  await client.chatbot.uploadFile({ file: path });
  await client.chatbot.uploadFile({ file: Buffer.from('in memory') });
  equal(asked[0].body, null);
  equal(asked[0].bodySha256, createHash('sha256').update(requests[0].body).digest('hex'));
  deepEqual([asked[1].body, asked[1].bodySha256], [requests[1].body, null]);
});

class VaultError extends Error {}
const failing = {
  'it threw VaultError': () => {
    throw new VaultError('+6281230001111 is a customer');
  },
  'it threw TypeError': async () => {
    await setTimeout(1);
    throw new TypeError('+6281230001111 is a customer');
  },
  'it threw a string': () => {
    throw '+6281230001111 is a customer';
  },
  'it must return a text': () => Buffer.from('+6281230001111'),
  'no header can': () => '+6281230001111\r\nAuthorization: Token x',
};
for (const [what, signer] of Object.entries(failing)) {
  test(`when a signer fails (${what}), nothing is sent and nothing is shown`, async () => {
    const before = requests.length;
    const client = new Client({ baseUrl, signKey, signer });
    const error = await client.chatbot.messages({ callId: 'c-1' }).catch((error) => error);
    equal(error.name, 'ConfigurationError');
    equal(error.operation, 'chatbot.messages');
    match(error.message, /`signer`/);
    if (what !== 'no header can') ok(error.message.includes(what), error.message);
    ok(!inspect(error, { showHidden: true }).includes('6281230001111'));
    equal(requests.length, before);
  });
}

test('a signer that is none is refused, and no client shows its secrets', () => {
  throws(() => new Client({ baseUrl, signer: 'sign' }), {
    name: 'ConfigurationError',
    message: /`signer` must be a fun/,
  });
  const client = new Client({ baseUrl, signKey, signSecret });
  const shown = inspect(client, { depth: 9, showHidden: true });
  ok(!shown.includes(signKey) && !shown.includes(signSecret));
});

test('who waits for a signer can leave', async () => {
  const controller = new AbortController();
  const signer = () => {
    controller.abort('enough');
    return new Promise(() => {});
  };
  const call = new Client({ baseUrl, signKey, signer }).chatbot.messages(
    { callId: 'c-1' },
    { signal: controller.signal },
  );
  await rejects(call, (reason) => reason === 'enough');
});

const run = promisify(execFile);
const cwd = fileURLToPath(new URL('.', import.meta.url));
const program = (text) => [
  '--expose-gc',
  '--input-type=module',
  '--eval',
  `import { Client } from 'airudder'; ${text}`,
];
const env = { PATH: process.env.PATH, AIRUDDER_BASE_URL: baseUrl };

test('a client with a signer keeps no process alive', async () => {
  const text = `
    const client = new Client({ signer: async () => 'signed' });
    await client.chatbot.messages({ callId: 'c-1' });
    console.log('called');
  `;
  // Only a process that does not end by itself meets the timeout.
  deepEqual(await run(process.execPath, program(text), { cwd, env, timeout: 60_000 }), {
    stdout: 'called\n',
    stderr: '',
  });
});

test('a client whose signer knows it is collected like any other', async () => {
  const text = `
    import { setTimeout } from 'node:timers/promises';
    let collected = 0;
    const registry = new FinalizationRegistry(() => { collected += 1; });
    function make() {
      const keeper = { sign: () => String(keeper.client) };
      keeper.client = new Client({ signer: () => keeper.sign() });
      registry.register(keeper, undefined);
      return keeper.client.chatbot.messages({ callId: 'c-1' });
    }
    for (let round = 0; round < 10; round += 1) await make();
    while (collected < 9) {
      globalThis.gc();
      await setTimeout(5);
    }
    console.log('collected');
  `;
  const { stdout } = await run(process.execPath, program(text), { cwd, env, timeout: 60_000 });
  equal(stdout, 'collected\n');
});

/** A thread that calls with a signer of its own. */
function worker(signer) {
  const source = `
    const { parentPort, workerData } = require('node:worker_threads');
    import('airudder').then(async ({ Client }) => {
      await new Client({ ...workerData, signer: ${signer} }).chatbot.messages({ callId: 'c-1' });
      parentPort.postMessage('called');
    });
  `;
  return new Worker(source, { eval: true, workerData: { baseUrl, signKey } });
}

test('threads sign by functions of their own and end by themselves', async () => {
  const threads = Array.from({ length: 4 }, (_, number) => worker(`async () => 'thread ${number}'`));
  const ended = threads.map((thread) => once(thread, 'exit'));
  requests.length = 0;
  for (const [message] of await Promise.all(threads.map((thread) => once(thread, 'message')))) equal(message, 'called');
  const signs = requests.map(({ headers }) => headers['x-airudder-sign']);
  deepEqual(signs.sort(), ['thread 0', 'thread 1', 'thread 2', 'thread 3']);
  deepEqual(await Promise.all(ended), [[0], [0], [0], [0]]);
});

test('a thread can be ended while it signs, and others go on', async () => {
  for (let round = 0; round < 3; round += 1) {
    const thread = worker("() => { parentPort.postMessage('signing'); return new Promise(() => {}); }");
    await once(thread, 'message');
    equal(await thread.terminate(), 1);
  }
  await new Client({ baseUrl, signKey, signer: () => 'signed' }).chatbot.messages({ callId: 'c-1' });
  equal(requests.at(-1).headers['x-airudder-sign'], 'signed');
});
