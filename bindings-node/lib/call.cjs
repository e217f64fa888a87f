'use strict';

const { InvalidRequestError } = require('../generated/errors.cjs');
const { abortable } = require('./abort.cjs');
const { refused, unwrap } = require('./failure.cjs');
const { Inexpressible, toJson } = require('./json.cjs');
const { Pages } = require('./pages.cjs');
const { CALL, RAW, checked } = require('./settings.cjs');
const { toFile } = require('./upload.cjs');

/**
 * The ways into the native library. Both ways one text crosses, because V8 reads and writes JSON faster than objects can be
 * built from outside, field by field.
 */
class Caller {
  #client;

  constructor(client, signer) {
    this.#client = client;
    // For as long as a call may need it: the native library holds it weakly.
    this.signer = signer;
  }

  async raw(request, options) {
    const { input, settings, signal } = await prepared('raw', () => toJson(checked(request, RAW)), options);
    return answered(signal, (cancellation) => this.#client.call('raw', input, settings, cancellation));
  }

  /** `params` is undefined for an operation that has none. */
  async call(operation, params, options) {
    const { input, settings, signal } = await prepared(operation, () => toInput(params), options);
    return answered(signal, (cancellation) => this.#client.call(operation, input, settings, cancellation));
  }

  /** `target` is the parameter that says where the download goes. */
  async download(operation, params, target, options) {
    const toTargeted = () => {
      const input = toInput(params);
      if (typeof params[target] === 'string' && params[target] !== '') return input;
      throw new Inexpressible(`\`${target}\` must be a text: where the download goes`);
    };
    const { input, settings, signal } = await prepared(operation, toTargeted, options);
    return answered(signal, (cancellation) => this.#client.call(operation, input, settings, cancellation));
  }

  /** `name` is the parameter that holds the file. */
  async upload(operation, params, name, options) {
    const toInputAndFile = async () => {
      const { [name]: file, ...fields } = plain(params);
      return [toInput(fields), await toFile(name, file)];
    };
    const { input, settings, signal } = await prepared(operation, toInputAndFile, options);
    return answered(signal, (cancellation) =>
      this.#client.upload(operation, input[0], settings, input[1], cancellation),
    );
  }

  /** `items` is the field that holds a page's items. */
  pages(operation, params, items, options) {
    let started;
    return new Pages(async () => {
      started ??= await this.#list(operation, params, options);
      const { pager, signal } = started;
      const page = await answered(signal, (cancellation) => pager.nextPage(cancellation));
      return page === null ? null : page[items];
    });
  }

  async #list(operation, params, options) {
    const { input, settings, signal } = await prepared(operation, () => toInput(params), options);
    return { pager: unwrap(this.#client.pager(operation, input, settings)), signal };
  }
}

/** What crosses, as it is at this moment, and the signal, which does not cross. */
async function prepared(operation, toCross, options) {
  const { signal, ...rest } = options ?? {};
  try {
    const settings = toJson(checked(rest, CALL));
    if (signal && typeof signal.addEventListener !== 'function') {
      throw new Inexpressible('`signal` must be an AbortSignal');
    }
    return { input: await toCross(), settings, signal };
  } catch (error) {
    throw error instanceof Inexpressible ? refused(InvalidRequestError, error.message, operation) : error;
  }
}

async function answered(signal, start) {
  const answer = signal ? await abortable(signal, start) : await start();
  return JSON.parse(unwrap(answer));
}

function toInput(params) {
  return params === undefined ? 'null' : toJson(plain(params));
}

function plain(params) {
  if (typeof params === 'object' && params !== null && !Array.isArray(params)) return params;
  throw new Inexpressible('the parameters must be a plain object');
}

module.exports = { Caller };
