'use strict';

const { ConfigurationError } = require('../generated/errors.cjs');
const { resources } = require('../generated/api.cjs');
const { Caller } = require('./call.cjs');
const { refused, unwrap } = require('./failure.cjs');
const { Inexpressible, toJson } = require('./json.cjs');
const native = require('./native.cjs');
const { CLIENT, checked } = require('./settings.cjs');

class Client {
  #caller;

  constructor(options) {
    const { signer, settings, maxEventBytes } = split(options ?? {});
    const client = unwrap(
      native.connect(settings, `Node/${process.versions.node}`, signer && require('./signer.cjs').signing(signer)),
    );
    this.#caller = new Caller(client, signer);
    Object.assign(this, resources(this.#caller));
    later(this, 'events', () => {
      const { Events } = require('./events.cjs');
      return new Events(client, signer, maxEventBytes);
    });
  }

  raw(request, options) {
    return this.#caller.raw(request, options);
  }
}

/** A property that is made when it is first read. Most programs receive no events, and a file takes longer to load than a client to make. */
function later(object, name, make) {
  const known = { enumerable: true, configurable: true };
  Object.defineProperty(object, name, {
    ...known,
    get() {
      const value = make();
      Object.defineProperty(object, name, { ...known, writable: true, value });
      return value;
    },
  });
}

/** What crosses as text, and the signer, which crosses as it is. */
function split(options) {
  try {
    const { signer, ...settings } = checked(options, CLIENT);
    return { signer: signer ?? undefined, settings: toJson(settings), maxEventBytes: settings.maxEventBytes };
  } catch (error) {
    throw error instanceof Inexpressible ? refused(ConfigurationError, error.message) : error;
  }
}

module.exports = { Client };
