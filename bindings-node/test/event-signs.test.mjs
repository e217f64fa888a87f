// Signs of events, by the client's secret and by a signer, and deliveries made for tests.

import { deepEqual, equal, match, ok, throws } from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { Client, eventKinds } from 'airudder';
import './support/environment.mjs';

const baseUrl = 'http://127.0.0.1:9';
const signKey = '0f8fad5bd9cb469fa165708667284a2c';
const signSecret = 'canary-sign-secret';
const kind = 'workflow.chatbot_session_ended';
const hmac = (body) => createHmac('sha256', signSecret).update(body).digest('hex');

// Away from a loopback address, where secrets have defaults.
const keyless = new Client({ appKey: 'a key', appSecret: 'a secret' });
const client = new Client({
  baseUrl,
  signKey,
  signSecret,
  encryptionKey: 'airudderredduria',
  requireEncryption: false,
});
const body = client.events.sample(kind);

test('every kind has a sample, which is taken clear, encrypted and signed', () => {
  for (const kind of Object.keys(eventKinds)) {
    const sample = client.events.sample(kind);
    ok(Buffer.isBuffer(sample));
    const encrypted = client.events.encrypt(sample);
    const headers = { ...encrypted.headers, ...client.events.sign(encrypted.body) };
    const event = client.events.unwrap(encrypted.body, headers, { kind });
    equal(event.kind, kind);
    deepEqual(client.events.unwrap(sample, client.events.sign(sample), { kind }), event);
  }
  throws(() => client.events.sample('call.ended'), { name: 'EventError', reason: 'unknown_kind' });
});

test('without a key nothing is encrypted, and what is no bytes is not signed', () => {
  throws(() => keyless.events.encrypt(body), { name: 'EventError', reason: 'no_key' });
  throws(() => keyless.events.sign(body), { name: 'EventError', reason: 'no_key' });
  throws(() => client.events.sign('{}'), { name: 'EventError', reason: 'not_raw' });
  throws(() => client.events.encrypt({}), { name: 'EventError', reason: 'not_raw' });
});

test('the sign is HMAC-SHA256 over the body as it came', () => {
  const headers = client.events.sign(body);
  deepEqual(Object.values(headers), [hmac(body), signKey]);
  equal(client.events.unwrap(body, headers).kind, kind);
});

test('a sign that does not match, or is missing where it has to be, is refused', () => {
  const sign = (text) => ({ 'X-AIRudder-Sign': text });
  throws(() => client.events.unwrap(body, sign('0'.repeat(64))), { name: 'EventError', reason: 'sign' });
  throws(() => client.events.unwrap(body, {}), { name: 'EventError', reason: 'missing_header' });
  throws(() => keyless.events.unwrap(body, sign(hmac(body))), { name: 'EventError', reason: 'no_key' });
  const trusting = new Client({ baseUrl, verifyEvents: false });
  equal(trusting.events.unwrap(body, {}).kind, kind);
  equal(trusting.events.unwrap(body, sign('anything')).kind, kind);
});

test('an event that proves nothing is refused, unless the client opts out', () => {
  const call = Buffer.from('{"callid":"c-1"}');
  throws(() => client.events.unwrap(call, {}), { reason: 'missing_header' });
  const proven = client.events.unwrap(call, client.events.sign(call));
  const trusting = new Client({ baseUrl, signSecret, requireSignature: false });
  const taken = trusting.events.unwrap(call, {});
  deepEqual([proven.authenticated, taken.authenticated], ['signature', 'nothing']);
  ok(proven.key !== taken.key);
  const encrypting = new Client({ baseUrl, encryptionKey: 'airudderredduria' });
  throws(() => encrypting.events.unwrap(call, {}), { reason: 'not_encrypted' });
  const encrypted = encrypting.events.encrypt(call);
  equal(encrypting.events.unwrap(encrypted.body, encrypted.headers).authenticated, 'encryption');
});

test('a signer takes the place of the secret, and is asked for the body as it came', () => {
  const asked = [];
  const signer = (request) => {
    asked.push(request);
    return `signed ${hmac(request.body)}`;
  };
  const signing = new Client({ baseUrl, signKey, signer });
  const headers = { 'X-AIRudder-Sign': `signed ${hmac(body)}` };
  equal(signing.events.unwrap(body, headers).kind, kind);
  deepEqual(asked, [{ method: 'POST', path: '', signKey, body, bodySha256: null }]);
  equal(signing.events.unwrap(body, signing.events.sign(body)).kind, kind);
  throws(() => signing.events.unwrap(body, client.events.sign(body)), { name: 'EventError', reason: 'sign' });
});

test('a signer is not asked for an event without a sign', () => {
  const signer = () => {
    throw new Error('it is asked');
  };
  const signing = new Client({ baseUrl, signKey, signer, requireSignature: false });
  const plain = client.events.sample('call.finished');
  equal(signing.events.unwrap(plain, {}).kind, 'call.finished');
});

const failing = {
  'it threw RangeError': () => {
    throw new RangeError('+6281230001111 is a customer');
  },
  'it must return a text': () => Buffer.from('+6281230001111'),
  'it returned a promise': async () => {
    throw new Error('+6281230001111 is a customer');
  },
};
for (const [what, signer] of Object.entries(failing)) {
  test(`when a signer gives no sign (${what}), the event is refused and nothing is shown`, () => {
    const { events } = new Client({ baseUrl, signKey, signer });
    for (const call of [() => events.unwrap(body, { 'X-AIRudder-Sign': 'x' }), () => events.sign(body)]) {
      throws(call, (error) => {
        deepEqual([error.name, error.reason], ['EventError', 'no_key']);
        match(error.message, new RegExp(what));
        ok(!inspect(error, { showHidden: true }).includes('6281230001111'));
        return true;
      });
    }
  });
}
