'use strict';

/** What a body is that took longer than the router waits. */
const LATE = Symbol('late');
const EMPTY = Buffer.alloc(0);

/**
 * The body of a request, as bytes. One that is larger than the router takes ends with the part that makes it so: what comes after is let go, so that it
 * fills no memory, and the router says that it is too large. `LATE` when it takes too long; undefined when the sender has gone away in the middle.
 */
function readBody(stream, router) {
  return new Promise((resolve) => {
    // One buffer that grows: a part of one byte would keep the whole chunk of memory that it came in.
    let buffer = EMPTY;
    let size = 0;
    let isDone = false;
    const done = (body) => {
      isDone = true;
      buffer = EMPTY;
      clearTimeout(timer);
      resolve(body);
    };
    const timer = setTimeout(done, router.bodyTimeout * 1000, LATE);
    stream.on('data', (part) => {
      if (isDone) return;
      if (size + part.length > buffer.length) buffer = grown(buffer, size, size + part.length);
      part.copy(buffer, size);
      size += part.length;
      if (size > router.maxEventBytes) done(buffer.subarray(0, size));
    });
    stream.once('end', () => done(buffer.subarray(0, size)));
    stream.once('error', () => done());
    stream.once('close', () => done());
  });
}

/** A buffer of at least `needed` bytes, with the first `size` ones of the old. */
function grown(old, size, needed) {
  const buffer = Buffer.allocUnsafeSlow(Math.max(needed, 2 * old.length));
  old.copy(buffer, 0, 0, size);
  return buffer;
}

/**
 * The body as it came, from whoever has read it: `express.raw()`, a cloud function or a `verify` of `express.json()` that keeps it as `rawBody`, or nobody
 * yet. What is left is what a framework has made of it, and the router says so.
 */
function bodyOf(request, router) {
  if (ArrayBuffer.isView(request.body)) return request.body;
  if (!request.readableDidRead) return readBody(request, router);
  return request.rawBody ?? request.body;
}

/** Answers a request of `node:http`, or of what is made of it. */
async function receive(router, kind, request, response) {
  if (request.method !== 'POST') {
    request.resume();
    return send(response, { status: 405, outcome: 'refused' }, { Allow: 'POST' });
  }
  const body = await bodyOf(request, router);
  if (body === undefined && !request.complete) return undefined;
  // What comes after would be taken for the next request.
  if (body === LATE) return send(response, { status: 408, outcome: 'refused' }, { Connection: 'close' });
  // Distinct, where there are such: joined ones hide that a header came twice.
  const headers = request.headersDistinct ?? request.headers;
  return send(response, await router.handle(body, headers, { kind, path: request.url }));
}

function send(response, { status, ...body }, headers) {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

module.exports = { LATE, readBody, receive };
