'use strict';

const { unwrap } = require('./failure.cjs');
const { kindOf, toBytes, toPairs } = require('./delivery.cjs');
const { EventRouter } = require('./router.cjs');
const { signNow } = require('./signer.cjs');

/** What core takes by default, so that no more is read. */
const MAX_EVENT_BYTES = 2 ** 20;

/** The events that AI Rudder posts to a customer's own address. */
class Events {
  #client;
  #signer;

  #maxEventBytes;

  constructor(client, signer, maxEventBytes) {
    this.#client = client;
    this.#signer = signer;
    this.#maxEventBytes = maxEventBytes ?? MAX_EVENT_BYTES;
  }

  unwrap(body, headers, options) {
    const bytes = this.#bytes(body);
    const pairs = toPairs(headers);
    const signed = this.#signed(() => this.#client.toSign(bytes, pairs));
    return JSON.parse(unwrap(this.#client.unwrap(bytes, pairs, kindOf(options), signed)));
  }

  router(options) {
    return new EventRouter(this.#client, this.#signer, this.#maxEventBytes, options);
  }

  sample(kind) {
    return unwrap(this.#client.sampleEvent(String(kind)));
  }

  sign(body) {
    const bytes = this.#bytes(body);
    const signed = this.#signed(() => this.#client.toSignForTest(bytes));
    return JSON.parse(unwrap(this.#client.signEvent(bytes, signed)));
  }

  encrypt(body) {
    const { body: encrypted, headers } = unwrap(this.#client.encryptEvent(this.#bytes(body)));
    return { body: encrypted, headers: JSON.parse(headers) };
  }

  #bytes(body) {
    return toBytes(body, (what) => unwrap(this.#client.notRaw(what)));
  }

  /** What the signer answers, when there is one and it is to be asked. */
  #signed(asked) {
    const request = this.#signer && unwrap(asked());
    return request ? signNow(this.#signer, request) : undefined;
  }
}

module.exports = { Events };
