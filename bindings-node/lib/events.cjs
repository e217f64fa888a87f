'use strict';

const { isAnyArrayBuffer } = require('node:util').types;
const { InvalidRequestError } = require('../generated/errors.cjs');
const { refused, unwrap } = require('./failure.cjs');

const OPERATION = 'events.unwrap';

/** The events that AI Rudder posts to a customer's own address. */
class Events {
  #client;

  constructor(client) {
    this.#client = client;
  }

  unwrap(body, headers, options) {
    const answer = this.#client.unwrap(toBytes(body), JSON.stringify(toPairs(headers)), options?.kind ?? undefined);
    return JSON.parse(unwrap(answer));
  }
}

function toBytes(body) {
  if (typeof body === 'string') return Buffer.from(body);
  if (ArrayBuffer.isView(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (isAnyArrayBuffer(body)) return Buffer.from(body);
  throw refused(
    InvalidRequestError,
    'the body must be the bytes or the text that came, as they came; a framework that parses bodies has to be told to leave this one alone' +
      " (Express: `express.raw({ type: '*/*' })` on this route)",
    OPERATION,
  );
}

/** Names and values of `IncomingHttpHeaders`, of `Headers`, or of anything like them. */
function toPairs(headers) {
  if (typeof headers !== 'object' || headers === null) {
    throw refused(InvalidRequestError, 'the headers are missing: they tell whether the body is encrypted', OPERATION);
  }
  const entries = typeof headers.entries === 'function' ? [...headers.entries()] : Object.entries(headers);
  return entries.flatMap(([name, value]) =>
    [value].flat().flatMap((one) => (one === undefined ? [] : [[String(name), String(one)]])),
  );
}

module.exports = { Events };
