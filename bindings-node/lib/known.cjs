'use strict';

const native = require('./native.cjs');

const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

/** The rows by their key. The table belongs to all that load this package, so nobody changes it. */
function table(rows, key, shaped) {
  for (const row of rows) Object.freeze(row.pages);
  return Object.freeze(Object.fromEntries(rows.map((row) => [row[key], Object.freeze(shaped(row))])));
}

/** What is known of the operations, by their ids. */
const operations = table(JSON.parse(native.operations()), 'id', (row) => {
  const { id, family, name, method, path, source, retry, page, pages, summary } = row;
  return { id, family: camel(family), name: camel(name), method, path, source, retry, page, pages, summary };
});

/** What is known of the kinds of events, by their names. */
const eventKinds = table(JSON.parse(native.eventKinds()), 'kind', (row) => row);

module.exports = { eventKinds, operations };
