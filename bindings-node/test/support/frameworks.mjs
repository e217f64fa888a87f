// Servers of each framework, with the adapter that belongs to it.

import { createServer } from 'node:http';
import * as forExpress from 'airudder/express';
import * as forFastify from 'airudder/fastify';
import * as forHttp from 'airudder/http';
import express from 'express';
import fastify from 'fastify';

/** Each starts a server that answers events below `/events`, and gives its address and what ends it. */
export const frameworks = {
  http: (router, options) => serve(createServer(forHttp.receiver(router, options))),

  express: (router, options) => {
    const app = express();
    app.use('/events', forExpress.receiver(router, options));
    app.use(express.json());
    app.post('/other', (request, response) => response.json(request.body));
    return serve(createServer(app));
  },

  fastify: async (router, options) => {
    const app = fastify();
    app.register(forFastify.receiver, { prefix: '/events', router, ...options });
    app.post('/other', async (request) => request.body);
    return { url: await app.listen({ host: '127.0.0.1', port: 0 }), close: () => app.close() };
  },
};

async function serve(server) {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}
