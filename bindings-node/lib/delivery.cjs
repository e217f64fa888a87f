'use strict';

const { isAnyArrayBuffer } = require('node:util').types;
const { EventError } = require('../generated/errors.cjs');
const { refused } = require('./failure.cjs');

/**
 * The body as bytes, without a copy. Text is none: who decoded it may have lost what the sign and the encryption hold for. `notRaw` throws, told what
 * came in their place.
 */
function toBytes(body, notRaw) {
  if (ArrayBuffer.isView(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (isAnyArrayBuffer(body)) return Buffer.from(body);
  return notRaw(described(body));
}

function described(body) {
  if (body === undefined || body === null) return String(body);
  if (Array.isArray(body)) return 'an array';
  return typeof body === 'object' ? 'an object' : `a ${typeof body}`;
}

/** Names and values, by turns, of `IncomingHttpHeaders`, of `Headers`, or of anything like them, as JSON. */
function toPairs(headers) {
  if (typeof headers !== 'object' || headers === null) {
    throw refused(
      EventError,
      'An event cannot be taken as it came: the headers are missing, and they tell whether it is encrypted or signed; pass all headers of the request',
      'events.unwrap',
      { reason: 'missing_header' },
    );
  }
  const pairs = [];
  if (typeof headers.entries === 'function') {
    for (const [name, value] of headers.entries()) addTo(pairs, name, value);
  } else {
    for (const name of Object.keys(headers)) addTo(pairs, name, headers[name]);
  }
  return JSON.stringify(pairs);
}

function addTo(pairs, name, value) {
  if (Array.isArray(value)) {
    for (const one of value) addTo(pairs, name, one);
  } else if (value !== undefined && value !== null) {
    pairs.push(text(name), text(value));
  }
}

/** Half a character cannot cross. No header that came over a wire holds one. */
function text(value) {
  return String(value).toWellFormed();
}

/** The kind that the caller gives, if any. */
function kindOf(options) {
  const kind = options?.kind ?? undefined;
  return kind === undefined ? undefined : String(kind);
}

module.exports = { kindOf, toBytes, toPairs };
