'use strict';

const { ConfigurationError } = require('../generated/errors.cjs');
const { className, refused, unwrap } = require('./failure.cjs');
const native = require('./native.cjs');

/** The native side of the stores that come with the package. */
const natives = new WeakMap();

/** Knows in memory what was handled. */
class MemoryStore {
  constructor(options) {
    natives.set(this, unwrap(native.memoryStore(keepFor(options))));
  }
}

/** Knows in a file what was handled. */
class SqliteStore {
  constructor(path, options) {
    if (typeof path !== 'string' || path === '') {
      throw refused(ConfigurationError, 'the path of a SqliteStore must be a text: the file to keep it in');
    }
    natives.set(this, unwrap(native.sqliteStore(path, keepFor(options))));
  }
}

function keepFor(options) {
  const { keepFor, ...rest } = options ?? {};
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw refused(ConfigurationError, `a store has no option \`${unknown}\`; it has keepFor`);
  if (keepFor === undefined || keepFor === null) return undefined;
  // Longer is no time that a clock can be set to.
  if (typeof keepFor === 'number' && keepFor > 0 && keepFor <= 1e9) return keepFor;
  throw refused(ConfigurationError, '`keepFor` must be a number of seconds, more than 0');
}

const METHODS = ['begin', 'renew', 'finish', 'release'];
const BEGUN = ['new', 'busy', 'done'];

/** The native side of a store. */
function toNative(store) {
  const own = natives.get(store);
  if (own !== undefined) return own;
  const missing = METHODS.find((name) => typeof store?.[name] !== 'function');
  if (missing === undefined) return native.ownStore(asking(store));
  throw refused(
    ConfigurationError,
    `\`store\` must be a MemoryStore, a SqliteStore, or an object with the methods ${METHODS.join(', ')}; it has no \`${missing}\``,
  );
}

/**
 * The function that the native library calls. It never fails: what a store throws may say anything, so only its class is told. It holds the store weakly,
 * as the router holds it for as long as it may be asked.
 */
function asking(store) {
  const held = new WeakRef(store);
  return async ({ operation, key, fence, lease }) => {
    try {
      const answer = await held.deref()[operation](key, fence, ...(lease === undefined ? [] : [lease]));
      if (operation === 'release') return {};
      if (operation === 'begin') {
        return BEGUN.includes(answer) ? { begun: answer } : { failure: "`begin` must return 'new', 'busy' or 'done'" };
      }
      return typeof answer === 'boolean' ? { isOwn: answer } : { failure: `\`${operation}\` must return a boolean` };
    } catch (error) {
      return { failure: `\`${operation}\` threw ${className(error)}` };
    }
  };
}

module.exports = { MemoryStore, SqliteStore, toNative };
