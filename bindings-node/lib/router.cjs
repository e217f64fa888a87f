'use strict';

const { ConfigurationError } = require('../generated/errors.cjs');
const { kindOf, toBytes, toPairs } = require('./delivery.cjs');
const { className, refused, unwrap } = require('./failure.cjs');
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

  constructor(client, signer, maxEventBytes, options) {
    this.maxEventBytes = maxEventBytes;
    const { store, log } = known(options);
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

  async handle(body, headers, options) {
    const taken = await this.#take(body, headers, options);
    if (typeof taken === 'string') return this.#reply(taken);
    const event = JSON.parse(taken.event());
    const handler = this.#handlers.get(event.kind) ?? this.#otherwise;
    const { settled, thrown } = await handled(handler, event);
    // Not more than its class: what a handler throws may quote the event.
    const line = settled === 'failed' ? `the handler of ${event.kind} failed: it threw ${thrown}` : null;
    return this.#reply(unwrap(await taken.settle(settled)), line);
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

  #reply(json, line) {
    const { status, outcome, reason, message } = JSON.parse(json);
    const said = line ?? message;
    if (said !== null) this.#log(`airudder: ${said}`);
    return reason === null ? { status, outcome } : { status, outcome, reason };
  }
}

/** What came of it. */
async function handled(handler, event) {
  if (handler === undefined) return { settled: 'unhandled' };
  try {
    await handler(event);
    return { settled: 'handled' };
  } catch (error) {
    return { settled: 'failed', thrown: className(error) };
  }
}

function known(options) {
  const { store, log, ...rest } = options ?? {};
  const [unknown] = Object.keys(rest);
  if (unknown === undefined) return { store, log };
  throw refused(ConfigurationError, `a router has no option \`${unknown}\`; it has store and log`);
}

function callable(value, what) {
  if (typeof value === 'function') return value;
  throw refused(ConfigurationError, `${what} must be a function`);
}

module.exports = { EventRouter };
