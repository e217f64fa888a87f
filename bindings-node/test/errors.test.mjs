// Every row of the error table crosses as its own class, with everything that is known of it.

import { deepEqual, equal, match, notEqual, ok, rejects, throws } from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { reply, serve } from './support/server.mjs';

const require = createRequire(import.meta.url);
const airudder = require('airudder');
const native = require('../lib/native.cjs');
const { Caller } = require('../lib/call.cjs');
const { Events } = require('../lib/events.cjs');
const classes = require('../generated/error-codes.cjs');

// The two ways of JavaScript into the native library, with a failure at their end.
const fail = (code) =>
  new Caller({ call: (inbox, number) => native.probeFailure(inbox, number, code) }).call('tasks.create', {});
const failNow = (code) => new Events({ unwrap: () => native.probeFailureNow(code) }).unwrap(Buffer.from('{}'), {});

test('the generated classes are those of the table in the native library', () => {
  deepEqual(Object.keys(classes).sort(), native.probeCodes().sort());
  equal(new Set(Object.values(classes)).size, native.probeCodes().length);
  for (const ErrorClass of Object.values(classes)) {
    equal(airudder[ErrorClass.name], ErrorClass);
  }
});

for (const code of native.probeCodes()) {
  test(`${code} has its class and all its attributes`, async () => {
    const error = await fail(code).catch((error) => error);
    equal(error.constructor, classes[code]);
    ok(error instanceof airudder.AiRudderError && error instanceof Error);
    equal(error.name, classes[code].name);
    match(error.stack, new RegExp(`^${error.name}: tasks\\.create: `));
    const { retryable, ...attributes } = error;
    equal(typeof retryable, 'boolean');
    deepEqual(attributes, {
      code,
      operation: 'tasks.create',
      status: 418,
      apiCode: 40018,
      apiMessage: "a sample of AI Rudder's words",
      requestId: '0123456789abcdef0123456789abcdef',
      attempts: 2,
      retryAfter: 1.5,
      mayHaveBeenApplied: true,
      reason: 'sign',
    });
    throws(() => failNow(code), { ...error, name: error.name, message: error.message });
  });
}

test('the classes stand in one tree', () => {
  const parents = (ErrorClass) => {
    const parent = Object.getPrototypeOf(ErrorClass);
    return parent === Error ? [] : [parent.name, ...parents(parent)];
  };
  deepEqual(parents(airudder.RateLimitedError), ['ApiError', 'AiRudderError']);
  deepEqual(parents(airudder.RequestTimeoutError), ['TransportError', 'AiRudderError']);
  deepEqual(parents(airudder.DecryptionError), ['ResponseError', 'AiRudderError']);
  deepEqual(parents(airudder.FileError), ['DownloadError', 'AiRudderError']);
});

test('an error that a test of a caller makes itself has the code of its class', () => {
  const error = new airudder.RateLimitedError('too many', { retryAfter: 2 });
  equal(error.code, 'rate_limited');
  equal(error.retryAfter, 2);
});

test('an error without facts says what is safe', () => {
  for (const [name, ErrorClass] of Object.entries(airudder).filter(([name]) => name.endsWith('Error'))) {
    const { retryable, mayHaveBeenApplied } = new ErrorClass('text');
    deepEqual([retryable, mayHaveBeenApplied], [false, true], name);
  }
});

test('a panic is an InternalError that says where and not what', async () => {
  const said = '+6281230001111 said so';
  for (const error of [await fail(said).catch((error) => error), thrownBy(() => failNow(said))]) {
    equal(error.constructor, airudder.InternalError);
    match(error.message, /panicked at .*probe\.rs:\d+/);
    ok(!inspect(error).includes('+62812'), 'the panic is quoted');
  }
});

function thrownBy(work) {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

test('the stack of an error leads to the line of the call', async () => {
  const baseUrl = await serve((_, response) => reply(response, null, { code: 404, status: 'Not Found' }));
  const client = new airudder.Client({ baseUrl });
  const signal = new AbortController().signal;
  async function aCallerByThisName(options) {
    await client.tasks.detail({ taskId: 'missing' }, options);
  }
  for (const options of [undefined, { signal }]) {
    const error = await aCallerByThisName(options).catch((error) => error);
    equal(error.constructor, airudder.NotFoundError);
    match(error.stack, /at async aCallerByThisName \(.*errors\.test\.mjs:\d+:\d+\)/);
  }
});

test('neither an error nor the client shows a secret or a phone number', async () => {
  const secrets = { appKey: 'canary-key', appSecret: 'canary-secret', encryptionKey: 'canary-canary-16' };
  const number = '+6281230001111';
  const baseUrl = await serve((_, response) => {
    response.statusCode = 400;
    reply(response, null, { code: 400, status: 'Bad Request', message: `${number} of Budi Canary is not allowed` });
  });
  const client = new airudder.Client({ ...secrets, baseUrl });
  const refusal = (calleeNumber) => client.tasks.cancelCall({ taskId: 'a', calleeNumber }).catch((error) => error);
  const shown = [
    client,
    await refusal(number),
    await refusal(number.slice(1)),
    thrownBy(() => new airudder.Client({ ...secrets, timeout: secrets.appSecret })),
    thrownBy(() => new airudder.Client({ ...secrets, baseUrl: secrets.appSecret })),
    thrownBy(() => client.events.unwrap(Buffer.from(`{"callee": "${number}"`), {})),
  ];
  for (const one of shown) {
    const text = [inspect(one, { depth: 9, showHidden: true }), String(one), JSON.stringify(one), one.stack].join('\n');
    for (const secret of [...Object.values(secrets), number.slice(1)]) {
      ok(!text.includes(secret), `${secret} is shown:\n${text}`);
    }
  }
  notEqual(shown[1].apiMessage, undefined);
});

test('what JavaScript already knows to be wrong rejects, and is never thrown', async () => {
  const client = new airudder.Client({ baseUrl: 'http://127.0.0.1:9' });
  const calls = [
    () => client.tasks.create(),
    () => client.tasks.create([]),
    () => client.tasks.create('x'),
    () => client.tasks.recording({ taskId: 'a', callee: '+6281230001111' }),
    () => client.tasks.robots({ timeOut: 1 }),
    () => client.tasks.robots('fast'),
    () => client.tasks.robots({ signal: 'stop' }),
    () => client.raw(),
    () => client.raw({ method: 'GET', path: '/x', headers: {} }),
  ];
  for (const call of calls) {
    const promise = call();
    await rejects(promise, { name: 'InvalidRequestError', code: 'invalid_request' }, String(call));
  }
});
