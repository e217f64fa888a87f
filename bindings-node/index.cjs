'use strict';

const { Client } = require('./lib/client.cjs');

module.exports = { Client, ...require('./generated/errors.cjs') };
