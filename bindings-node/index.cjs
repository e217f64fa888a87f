'use strict';

const { Client } = require('./lib/client.cjs');
const { eventKinds, operations } = require('./lib/known.cjs');
const { MemoryStore, SqliteStore } = require('./lib/stores.cjs');

module.exports = { Client, MemoryStore, SqliteStore, eventKinds, operations, ...require('./generated/errors.cjs') };
