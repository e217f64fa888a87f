'use strict';

const { ConfigurationError } = require('../generated/errors.cjs');
const { resources } = require('../generated/api.cjs');
const { caller } = require('./call.cjs');
const { Events } = require('./events.cjs');
const { refused, unwrap } = require('./failure.cjs');
const { Inexpressible } = require('./json.cjs');
const native = require('./native.cjs');
const { CLIENT, settingsToJson } = require('./settings.cjs');

class Client {
  #call;

  constructor(options) {
    const client = unwrap(native.connect(settings(options ?? {}), `Node/${process.versions.node}`));
    this.#call = caller(client);
    Object.assign(this, resources(this.#call));
    this.events = new Events(client);
  }

  raw(request, options) {
    return this.#call('raw', request, options);
  }
}

function settings(options) {
  try {
    return settingsToJson(options, CLIENT);
  } catch (error) {
    throw error instanceof Inexpressible ? refused(ConfigurationError, error.message) : error;
  }
}

module.exports = { Client };
