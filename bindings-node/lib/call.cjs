'use strict';

const { InvalidRequestError } = require('../generated/errors.cjs');
const { answerTo } = require('./answers.cjs');
const { refused, unwrap } = require('./failure.cjs');
const { Inexpressible, toJson } = require('./json.cjs');
const { CALL, RAW, checked } = require('./settings.cjs');

/**
 * The ways into the native library. Both ways one text crosses, because V8 reads and writes JSON faster than objects can be
 * built from outside, field by field. What not every program needs is loaded with the first call that does.
 */
class Caller {
  #client;

  constructor(client, signer) {
    this.#client = client;
    // For as long as a call may need it: the native library holds it weakly.
    this.signer = signer;
  }

  async raw(request, options) {
    const { settings, signal } = prepared('raw', options);
    const input = expressed('raw', () => toJson(checked(request, RAW)));
    return read(await this.#answer('raw', input, settings, signal));
  }

  /** `params` is undefined for an operation that has none. */
  async call(operation, params, options) {
    const { settings, signal } = prepared(operation, options);
    const input = expressed(operation, () => toInput(params));
    return read(await this.#answer(operation, input, settings, signal));
  }

  /** `target` is the parameter that says where the download goes. */
  async download(operation, params, target, options) {
    const { onProgress, ...others } = options ?? {};
    const { settings, signal } = prepared(operation, others);
    const input = expressed(operation, () => {
      const input = toInput(params);
      if (onProgress && typeof onProgress !== 'function') throw new Inexpressible('`onProgress` must be a function');
      if (typeof params[target] === 'string' && params[target] !== '') return input;
      throw new Inexpressible(`\`${target}\` must be a text: where the download goes`);
    });
    if (!onProgress) return read(await this.#answer(operation, input, settings, signal));
    const { listened } = require('./progress.cjs');
    const start = (signal, listener) => this.#answer(operation, input, settings, signal, listener);
    return read(await listened(onProgress, signal, start));
  }

  /** `name` is the parameter that holds the file. */
  async upload(operation, params, name, options) {
    const { settings, signal } = prepared(operation, options);
    const { toFile } = require('./upload.cjs');
    const { input, toSend } = expressed(operation, () => {
      const { [name]: file, ...fields } = plain(params);
      return { input: toInput(fields), toSend: toFile(name, file) };
    });
    const file = await toSend.catch((error) => {
      throw refusal(operation, error);
    });
    return read(
      await answered(
        signal,
        (inbox, number, cancellation) =>
          this.#client.upload(inbox, number, operation, input, settings, file, cancellation),
        () => this.#client.mayHaveEffect(operation),
      ),
    );
  }

  /** `items` is the field that holds a page's items. */
  pages(operation, params, items, options) {
    const { Pages } = require('./pages.cjs');
    let started;
    return new Pages(async () => {
      started ??= this.#list(operation, params, options);
      const { pager, signal } = started;
      const page = read(
        await answered(
          signal,
          (inbox, number, cancellation) => pager.nextPage(inbox, number, cancellation),
          () => false,
        ),
      );
      return page === null ? null : page[items];
    });
  }

  /** `listener` hears of the progress of a download. */
  #answer(operation, input, settings, signal, listener) {
    const isListened = listener !== undefined;
    return answered(
      signal,
      (inbox, number, cancellation) =>
        this.#client.call(inbox, number, operation, input, settings, cancellation, isListened),
      () => this.#client.mayHaveEffect(operation, input),
      listener,
    );
  }

  #list(operation, params, options) {
    const { settings, signal } = prepared(operation, options);
    const input = expressed(operation, () => toInput(params));
    return { pager: unwrap(this.#client.pager(operation, input, settings)), signal };
  }
}

const NO_OPTIONS = { settings: undefined, signal: undefined };

/** The options, as they cross, and the signal, which does not cross. */
function prepared(operation, options) {
  if (options === undefined || options === null) return NO_OPTIONS;
  return expressed(operation, () => {
    const { signal, ...rest } = options;
    const settings = toJson(checked(rest, CALL));
    if (signal && typeof signal.addEventListener !== 'function') {
      throw new Inexpressible('`signal` must be an AbortSignal');
    }
    return { settings, signal };
  });
}

/** What crosses, as it is at this moment. */
function expressed(operation, express) {
  try {
    return express();
  } catch (error) {
    throw refusal(operation, error);
  }
}

function refusal(operation, error) {
  return error instanceof Inexpressible ? refused(InvalidRequestError, error.message, operation) : error;
}

/** `hasEffect` tells whether a call that is stopped may have changed something all the same. */
function answered(signal, start, hasEffect, listener) {
  if (!signal) return begun(start);
  const { abortable } = require('./abort.cjs');
  return abortable(signal, (cancellation) => begun(start, cancellation, listener), hasEffect);
}

function begun(start, cancellation, listener) {
  return answerTo((inbox, number) => start(inbox, number, cancellation), listener);
}

function read(answer) {
  return JSON.parse(unwrap(answer));
}

function toInput(params) {
  return params === undefined ? undefined : toJson(plain(params));
}

function plain(params) {
  if (typeof params === 'object' && params !== null && !Array.isArray(params)) return params;
  throw new Inexpressible('the parameters must be a plain object');
}

module.exports = { Caller };
