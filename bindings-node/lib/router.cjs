'use strict';

const { ConfigurationError } = require('../generated/errors.cjs');
const { kindOf, toBytes, toPairs } = require('./delivery.cjs');
const { refused, unwrap } = require('./failure.cjs');
const { described } = require('./handler-failure.cjs');
const { eventKinds } = require('./known.cjs');
const native = require('./native.cjs');
const { sign } = require('./signer.cjs');
const { MemoryStore, toNative } = require('./stores.cjs');

/** Hands each event to the handler of its kind, once. */
class EventRouter {
  #client;
  #signer;
  #receiver;
  /** The native library holds a store of the caller's own weakly. */
  #store;
  #log;
  #handlers = new Map();
  #otherwise;
  #onError;

  constructor(client, signer, maxEventBytes, options) {
    this.maxEventBytes = maxEventBytes;
    const { store, log, bodyTimeout } = known(options);
    this.bodyTimeout = seconds(bodyTimeout ?? native.bodyTimeout());
    this.#log = log === undefined || log === null ? console.warn : callable(log, '`log`');
    this.#store = store ?? new MemoryStore();
    this.#client = client;
    this.#signer = signer;
    this.#receiver = client.receiver(toNative(this.#store));
  }

  on(kind, handler) {
    if (!Object.hasOwn(eventKinds, kind)) {
      throw refused(ConfigurationError, `there is no kind of event \`${kind}\`; eventKinds lists those there are`);
    }
    if (this.#handlers.has(kind)) throw refused(ConfigurationError, `\`${kind}\` has a handler already`);
    this.#handlers.set(kind, callable(handler, `the handler of \`${kind}\``));
    return this;
  }

  otherwise(handler) {
    if (this.#otherwise !== undefined) throw refused(ConfigurationError, 'there is a handler for all others already');
    this.#otherwise = callable(handler, 'the handler for all others');
    return this;
  }

  onError(callback) {
    if (this.#onError !== undefined) throw refused(ConfigurationError, 'there is a callback for errors already');
    this.#onError = callable(callback, 'the callback for errors');
    return this;
  }

  async handle(body, headers, options) {
    const taken = await this.#take(body, headers, options);
    if (typeof taken === 'string') return this.#reply(taken);
    const event = JSON.parse(taken.event());
    const handler = this.#handlers.get(event.kind) ?? this.#otherwise;
    const settled = await this.#run(handler, event, taken);
    return this.#reply(unwrap(await taken.settle(settled)), settled === 'failed');
  }

  /** What came of the handler. */
  async #run(handler, event, delivery) {
    if (handler === undefined) return 'unhandled';
    try {
      await handler(event);
      return 'handled';
    } catch (error) {
      const logged = (who, thrown) => {
        const text = described(thrown, (message) => delivery.redacted(message));
        this.#log(`airudder: ${who} of ${event.kind} failed; AI Rudder is to send the event again\n${text}`);
      };
      logged('the handler', error);
      try {
        await this.#onError?.(error, event);
      } catch (second) {
        logged('`onError`', second);
      }
      return 'failed';
    }
  }

  /** A delivery, or the answer. */
  async #take(body, headers, options) {
    let refusal;
    const view = toBytes(body, (what) => {
      refusal = unwrap(this.#receiver.notRaw(what));
    });
    if (view === undefined) return refusal;
    // A copy, for the caller may use its bytes again while the signer takes its time.
    const bytes = Buffer.from(view);
    const pairs = toPairs(headers);
    const request = this.#signer && unwrap(this.#client.toSign(bytes, pairs));
    const signed = request ? await sign(this.#signer, request) : undefined;
    return unwrap(await this.#receiver.take(bytes, pairs, this.#kind(options), signed));
  }

  #kind(options) {
    const kind = kindOf(options);
    if (kind !== undefined || typeof options?.path !== 'string') return kind;
    return native.kindOfPath(options.path) ?? undefined;
  }

  #reply(json, isLogged = false) {
    const { status, outcome, reason, message } = JSON.parse(json);
    if (message !== null && !isLogged) this.#log(`airudder: ${message}`);
    return reason === null ? { status, outcome } : { status, outcome, reason };
  }
}

function known(options) {
  const { store, log, bodyTimeout, ...rest } = options ?? {};
  const [unknown] = Object.keys(rest);
  if (unknown === undefined) return { store, log, bodyTimeout };
  throw refused(ConfigurationError, `a router has no option \`${unknown}\`; it has store, log and bodyTimeout`);
}

/** A timer of Node takes no longer time. */
const LONGEST = (2 ** 31 - 1) / 1000;

function seconds(value) {
  if (typeof value === 'number' && value > 0) return Math.min(value, LONGEST);
  throw refused(ConfigurationError, '`bodyTimeout` must be a number of seconds, more than 0');
}

function callable(value, what) {
  if (typeof value === 'function') return value;
  throw refused(ConfigurationError, `${what} must be a function`);
}

module.exports = { EventRouter };
