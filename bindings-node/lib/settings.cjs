'use strict';

const { Inexpressible } = require('./json.cjs');

const text = ['a text', (value) => typeof value === 'string'];
const seconds = ['a number of seconds', (value) => typeof value === 'number' && value >= 0];
const count = ['a whole number', (value) => Number.isSafeInteger(value) && value >= 0];
const object = ['a plain object', isPlain];
const texts = [
  'a plain object of texts',
  (value) => isPlain(value) && Object.values(value).every((one) => typeof one === 'string'),
];
const list = ['an array of texts', (value) => Array.isArray(value) && value.every((one) => typeof one === 'string')];
const truth = ['true or false', (value) => typeof value === 'boolean'];
const anything = ['anything', () => true];
const callable = ['a function', (value) => typeof value === 'function'];

/** What the settings of a client may be. */
const CLIENT = {
  appKey: text,
  appSecret: text,
  baseUrl: text,
  allowHttp: truth,
  encryptionKey: text,
  encryptionKeyFallbacks: list,
  encryptionScheme: text,
  encryptionIv: text,
  signKey: text,
  signSecret: text,
  signSecretFallbacks: list,
  signer: callable,
  timeout: seconds,
  connectTimeout: seconds,
  readTimeout: seconds,
  maxRetries: count,
  proxy: text,
  caCertificate: text,
  routes: texts,
  maxResponseBytes: count,
  maxEventBytes: count,
  maxEventAge: seconds,
  verifyEvents: truth,
  requireSignature: truth,
  requireEncryption: truth,
};

/** What the options of one call may be, besides its signal. */
const CALL = {
  timeout: seconds,
  maxRetries: count,
  extraQuery: object,
  extraBody: object,
  extraHeaders: texts,
};

/** What a raw request may be. */
const RAW = {
  method: text,
  path: text,
  query: object,
  body: anything,
  retry: text,
};

/** Not `Headers` or a `Map`, whose entries JSON would leave out. */
function isPlain(value) {
  const prototype = typeof value === 'object' ? Object.getPrototypeOf(value) : undefined;
  return prototype === null || (prototype !== undefined && Object.getPrototypeOf(prototype) === null);
}

/**
 * The settings, when they are what they may be. A misspelt name is an error, for the setting that was meant would have no effect.
 * @throws {Inexpressible} It names the setting and never shows its value.
 */
function checked(settings, known) {
  if (typeof settings !== 'object' || settings === null) {
    throw new Inexpressible(`what is needed is an object of ${Object.keys(known).join(', ')}`);
  }
  for (const [name, value] of Object.entries(settings)) {
    if (!Object.hasOwn(known, name)) {
      throw new Inexpressible(`there is no option \`${name}\`; there are ${Object.keys(known).join(', ')}`);
    }
    const [what, holds] = known[name];
    if (value !== undefined && value !== null && !holds(value)) {
      throw new Inexpressible(`\`${name}\` must be ${what}`);
    }
  }
  return settings;
}

module.exports = { CALL, CLIENT, RAW, checked };
