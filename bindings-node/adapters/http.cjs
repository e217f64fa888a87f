'use strict';

const { receive } = require('../lib/receive.cjs');

/** A listener for `node:http` and `node:https`. */
function receiver(router, options) {
  return async (request, response) => {
    try {
      await receive(router, options?.kind, request, response);
    } catch {
      // AI Rudder sends it again.
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  };
}

module.exports = { receiver };
