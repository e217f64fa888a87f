'use strict';

/**
 * The body of a request, as bytes. One that is larger than the router takes ends with the part that makes it so: what comes after is let go, so that it
 * fills no memory, and the router says that it is too large. Undefined when the sender has gone away in the middle.
 */
function readBody(stream, router) {
  return new Promise((resolve) => {
    let parts = [];
    let size = 0;
    const done = (body) => {
      parts = [];
      resolve(body);
    };
    stream.on('data', (part) => {
      if (size > router.maxEventBytes) return;
      parts.push(part);
      size += part.length;
      if (size > router.maxEventBytes) done(Buffer.concat(parts));
    });
    stream.once('end', () => done(Buffer.concat(parts)));
    stream.once('error', () => done());
    stream.once('close', () => done());
  });
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
  // Distinct, where there are such: joined ones hide that a header came twice.
  const headers = request.headersDistinct ?? request.headers;
  return send(response, await router.handle(body, headers, { kind, path: request.url }));
}

function send(response, { status, ...body }, headers) {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

module.exports = { readBody, receive };
