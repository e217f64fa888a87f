'use strict';

const { Client } = require('./lib/client.cjs');
const { eventKinds, operations } = require('./lib/known.cjs');

module.exports = { Client, eventKinds, operations, ...require('./generated/errors.cjs') };
