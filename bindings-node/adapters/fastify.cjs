'use strict';

const { LATE, readBody } = require('../lib/receive.cjs');

const NOTHING = Buffer.alloc(0);

/** A plugin for Fastify. What it sets holds for its own routes alone: other routes go on getting parsed bodies. */
async function receiver(app, { router, kind }) {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload) => readBody(payload, router));
  const handle = async (request, reply) => {
    if (request.body === LATE) return reply.code(408).header('Connection', 'close').send({ outcome: 'refused' });
    const headers = request.raw.headersDistinct ?? request.headers;
    const options = { kind, path: request.url };
    const { status, ...told } = await router.handle(request.body ?? NOTHING, headers, options);
    return reply.code(status).send(told);
  };
  app.post('/', handle);
  app.post('/:kind', handle);
  app.post('/:kind/', handle);
}

module.exports = { receiver };
