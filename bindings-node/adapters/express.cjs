'use strict';

const { receive } = require('../lib/receive.cjs');

/** A handler for Express. */
function receiver(router, options) {
  return async (request, response, next) => {
    try {
      await receive(router, options?.kind, request, response);
    } catch (error) {
      next(error);
    }
  };
}

module.exports = { receiver };
