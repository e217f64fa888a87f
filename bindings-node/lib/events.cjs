'use strict';

const { unwrap } = require('./failure.cjs');
const { toBytes, toPairs } = require('./delivery.cjs');
const { signNow } = require('./signer.cjs');

/** The events that AI Rudder posts to a customer's own address. */
class Events {
  #client;
  #signer;

  constructor(client, signer) {
    this.#client = client;
    this.#signer = signer;
  }

  unwrap(body, headers, options) {
    const bytes = this.#bytes(body);
    const pairs = toPairs(headers);
    const signed = this.#signed(() => this.#client.toSign(bytes, pairs));
    return JSON.parse(unwrap(this.#client.unwrap(bytes, pairs, kindOf(options), signed)));
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

function kindOf(options) {
  const kind = options?.kind ?? undefined;
  return kind === undefined ? undefined : String(kind);
}

module.exports = { Events };
