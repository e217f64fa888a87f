'use strict';

const { InvalidRequestError } = require('../generated/errors.cjs');
const { abortable } = require('./abort.cjs');
const { refused, unwrap } = require('./failure.cjs');
const { Inexpressible, toJson } = require('./json.cjs');
const { CALL, RAW, settingsToJson } = require('./settings.cjs');

/**
 * The one way into the native library. Both ways one text crosses, because V8 reads and writes JSON faster than objects can be
 * built from outside, field by field.
 */
function caller(client) {
  return async function call(operation, params, options, target) {
    const { signal, ...rest } = options ?? {};
    let input;
    let settings;
    try {
      input = operation === 'raw' ? settingsToJson(params, RAW) : paramsToJson(params, target);
      settings = settingsToJson(rest, CALL);
      if (signal && typeof signal.addEventListener !== 'function') {
        throw new Inexpressible('`signal` must be an AbortSignal');
      }
    } catch (error) {
      throw error instanceof Inexpressible ? refused(InvalidRequestError, error.message, operation) : error;
    }
    const start = (cancellation) => client.call(operation, input, settings, cancellation);
    const answer = signal ? await abortable(signal, start) : await start();
    return JSON.parse(unwrap(answer));
  };
}

/** `params` is undefined for an operation that has none; `target` is the parameter that says where a download goes. */
function paramsToJson(params, target) {
  if (params === undefined) return 'null';
  if (typeof params !== 'object' || Array.isArray(params)) {
    throw new Inexpressible('the parameters must be a plain object');
  }
  if (target !== undefined && (typeof params[target] !== 'string' || params[target] === '')) {
    throw new Inexpressible(`\`${target}\` must be a text: where the download goes`);
  }
  return toJson(params);
}

module.exports = { caller };
