'use strict';

const { ConfigurationError } = require('../generated/errors.cjs');
const { resources } = require('../generated/api.cjs');
const { Caller } = require('./call.cjs');
const { Events } = require('./events.cjs');
const { refused, unwrap } = require('./failure.cjs');
const { Inexpressible, toJson } = require('./json.cjs');
const native = require('./native.cjs');
const { CLIENT, checked } = require('./settings.cjs');
const { signing } = require('./signer.cjs');

class Client {
  #caller;

  constructor(options) {
    const { signer, settings, maxEventBytes } = split(options ?? {});
    const client = unwrap(native.connect(settings, `Node/${process.versions.node}`, signer && signing(signer)));
    this.#caller = new Caller(client, signer);
    Object.assign(this, resources(this.#caller));
    this.events = new Events(client, signer, maxEventBytes);
  }

  raw(request, options) {
    return this.#caller.raw(request, options);
  }
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
