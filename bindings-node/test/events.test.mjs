// Events in every form in which a server can hand over a request.

import { deepEqual, equal, match, notEqual, ok, throws } from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { Client, EventError } from 'airudder';
import './support/environment.mjs';

const baseUrl = 'http://127.0.0.1:9';
const client = new Client({ baseUrl, encryptionKey: 'airudderredduria', requireEncryption: false });

const plain = Buffer.from('{"callid":"c-1","talkduration":42,"note":9007199254740993}');
/** What an event says, without the key, which every copy of it has in common. */
const said = ({ kind, data }) => ({ kind, data });
const event = { kind: 'call.finished', data: { callId: 'c-1', talkDuration: 42, extra: { note: '9007199254740993' } } };

// Made with another program: AES-128-ECB, zero padding, and the SHA-256 of the plaintext.
const encrypted = {
  body: Buffer.from('Fn8vLDj8vBpczkCcuCNbf6uZR5Ri4lBsna8L3gRymS+PvBGzkjV1gA8AVm1fkyV0'),
  signed: '81942d3dba78dc794a845b146b6797ad4900cc0bd04a9358b0334f4966d659d0',
  opened: { kind: 'call.finished', data: { callId: 'c-1', status: 'answered' } },
};

test('a body may be bytes of any kind', () => {
  const bytes = new Uint8Array(plain);
  const shifted = new Uint8Array(bytes.length + 8);
  shifted.set(bytes, 8);
  const bodies = [plain, bytes, bytes.buffer, shifted.subarray(8), new DataView(shifted.buffer, 8)];
  for (const body of bodies) deepEqual(said(client.events.unwrap(body, {})), event);
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
  for (const headers of forms) deepEqual(said(client.events.unwrap(body, headers)), opened);
});

test('a body that a framework has parsed already is named as the mistake it is', () => {
  const bodies = [
    [JSON.parse(plain), /`body` is an object/],
    [[], /an array/],
    [String(plain), /a string/],
    [undefined, /undefined/],
    [null, /null/],
    [7, /a number/],
  ];
  for (const [body, message] of bodies) {
    throws(() => client.events.unwrap(body, {}), { name: 'EventError', reason: 'not_raw', message });
  }
});

test('headers that are missing are named', () => {
  for (const headers of [undefined, null, 'Is-Encrypted: 1']) {
    const error = { name: 'EventError', reason: 'missing_header', message: /headers are missing/ };
    throws(() => client.events.unwrap(plain, headers), error);
  }
});

test('the kind that is given holds, and one that does not exist is refused', () => {
  equal(client.events.unwrap(Buffer.from('{"taskid":"t"}'), {}, { kind: 'call.finished' }).kind, 'call.finished');
  for (const kind of ['call.ended', 7, '']) {
    throws(() => client.events.unwrap(plain, {}, { kind }), { name: 'EventError', reason: 'unknown_kind' });
  }
});

test('an event that is not known comes as it is, with numbers that JavaScript would round as text', () => {
  deepEqual(said(client.events.unwrap(Buffer.from('{"id":9007199254740993,"small":[1]}'), {})), {
    kind: 'unknown',
    data: { id: '9007199254740993', small: [1] },
  });
});

test('the key is the same for every copy of an event, and for no other one', () => {
  const keyOf = (body) => client.events.unwrap(Buffer.from(body), {}).key;
  const key = keyOf(plain);
  match(key, /^[0-9a-f]{64}$/);
  equal(keyOf('{"talkduration":42,"callid":"c-1"}'), key);
  notEqual(keyOf('{"talkduration":42,"callid":"c-2"}'), key);
});

const encryptedHeaders = { 'Is-Encrypted': '1', Signed: encrypted.signed };
const refused = {
  not_json: () => client.events.unwrap(Buffer.from('<html>'), {}),
  decryption: () => client.events.unwrap(encrypted.body, { ...encryptedHeaders, Signed: '0'.repeat(64) }),
  missing_header: () => client.events.unwrap(encrypted.body, { 'Is-Encrypted': '1' }),
  bad_header: () => client.events.unwrap(encrypted.body, { ...encryptedHeaders, Signed: ['a', 'b'] }),
  no_key: () => new Client({ baseUrl }).events.unwrap(encrypted.body, encryptedHeaders),
  too_large: () => new Client({ baseUrl, maxEventBytes: 3 }).events.unwrap(plain, {}),
  too_old: () => {
    const aged = new Client({ baseUrl, maxEventAge: 300, signSecret: 'a secret' });
    const body = Buffer.from('{"session_id":"s-1","timestamp":1700000000}');
    aged.events.unwrap(body, aged.events.sign(body), { kind: 'workflow.chatbot_session_ended' });
  },
};
for (const [reason, unwrapped] of Object.entries(refused)) {
  test(`what cannot be taken is an EventError with the reason ${reason}`, () => {
    throws(unwrapped, (error) => {
      ok(error instanceof EventError);
      deepEqual([error.reason, error.operation, error.retryable], [reason, 'events.unwrap', false]);
      return true;
    });
  });
}

test('nothing that a header or a body holds makes another error than an EventError', () => {
  const values = ['\ud83d', '\0', '\r\n', 'ä'.repeat(10_000), '', '💥', ['1', '1'], undefined, null, 1, {}];
  const bodies = ['', '\xff', '['.repeat(10_000), '{"a":'.repeat(10_000), 'null', '{"callid":1e999}', '{"callid":{}}'];
  for (const value of values) {
    for (const body of bodies) {
      const headers = { 'Is-Encrypted': value, Signed: value, 'X-AIRudder-Sign': value };
      try {
        client.events.unwrap(Buffer.from(body, 'latin1'), headers);
      } catch (error) {
        ok(error instanceof EventError, `${error}`);
      }
    }
  }
});

test('a node:http server unwraps what it receives', async () => {
  const received = [];
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    received.push(said(client.events.unwrap(Buffer.concat(parts), request.headers)));
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
