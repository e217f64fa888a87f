// Events in every form in which a server can hand over a request.

import { deepEqual, equal, throws } from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { Client } from 'airudder';
import './support/environment.mjs';

const client = new Client({ baseUrl: 'http://127.0.0.1:9', encryptionKey: 'airudderredduria' });

const plain = '{"callid":"c-1","talkduration":42,"note":9007199254740993}';
const event = { kind: 'call.finished', data: { callId: 'c-1', talkDuration: 42, extra: { note: '9007199254740993' } } };

// Made with another program: AES-128-ECB, zero padding, and the SHA-256 of the plaintext.
const encrypted = {
  body: 'Fn8vLDj8vBpczkCcuCNbf6uZR5Ri4lBsna8L3gRymS+PvBGzkjV1gA8AVm1fkyV0',
  signed: '81942d3dba78dc794a845b146b6797ad4900cc0bd04a9358b0334f4966d659d0',
  opened: { kind: 'call.finished', data: { callId: 'c-1', status: 'answered' } },
};

test('a body may be text or bytes of any kind', () => {
  const bytes = new TextEncoder().encode(plain);
  const shifted = new Uint8Array(bytes.length + 8);
  shifted.set(bytes, 8);
  const bodies = [plain, Buffer.from(plain), bytes, bytes.buffer, shifted.subarray(8), new DataView(shifted.buffer, 8)];
  for (const body of bodies) deepEqual(client.events.unwrap(body, {}), event);
});

test('headers may come from node:http, from fetch, or as a map', () => {
  const { body, signed, opened } = encrypted;
  const pairs = [
    ['Is-Encrypted', '1'],
    ['Signed', signed],
  ];
  const forms = [
    Object.fromEntries(pairs),
    { 'is-encrypted': '1', signed, 'set-cookie': ['a', 'b'], absent: undefined },
    { 'is-encrypted': ['1'], signed: [signed] },
    new Headers(pairs),
    new Map(pairs),
  ];
  for (const headers of forms) deepEqual(client.events.unwrap(body, headers), opened);
});

test('a body that a framework has parsed already is named as the mistake it is', () => {
  for (const body of [JSON.parse(plain), undefined, null, 7]) {
    throws(() => client.events.unwrap(body, {}), { code: 'invalid_request', message: /express\.raw/ });
  }
});

test('headers that are missing are named', () => {
  for (const headers of [undefined, null, 'Is-Encrypted: 1']) {
    throws(() => client.events.unwrap(plain, headers), { code: 'invalid_request', message: /headers are missing/ });
  }
});

test('the kind that is given holds, and one that does not exist is refused', () => {
  equal(client.events.unwrap('{"taskid":"t"}', {}, { kind: 'call.finished' }).kind, 'call.finished');
  throws(() => client.events.unwrap(plain, {}, { kind: 'call.ended' }), { code: 'invalid_request' });
});

test('an event that is not known comes as it is, with numbers that JavaScript would round as text', () => {
  deepEqual(client.events.unwrap('{"id":9007199254740993,"small":[1]}', {}), {
    kind: 'unknown',
    data: { id: '9007199254740993', small: [1] },
  });
});

test('what cannot be decrypted and what is no JSON have their own errors', () => {
  const headers = { 'Is-Encrypted': '1', Signed: '0'.repeat(64) };
  throws(() => client.events.unwrap(encrypted.body, headers), { name: 'DecryptionError', operation: 'events.unwrap' });
  throws(() => client.events.unwrap('<html>', {}), { name: 'InvalidResponseError', operation: 'events.unwrap' });
});

test('a node:http server unwraps what it receives', async () => {
  const received = [];
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    received.push(client.events.unwrap(Buffer.concat(parts), request.headers));
    response.end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  const { body, signed, opened } = encrypted;
  await fetch(url, { method: 'POST', body, headers: { 'Is-Encrypted': '1', Signed: signed } });
  await fetch(url, { method: 'POST', body: plain });
  server.close();
  deepEqual(received, [opened, event]);
});
