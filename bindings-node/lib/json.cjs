'use strict';

const { isDate, isMap, isSet } = require('node:util').types;

/** Why a value cannot be written as JSON. It names the field and never shows the value. */
class Inexpressible extends Error {}

/** JSON leaves out or rewrites silently what it cannot say; a request must hold what the caller gave, or not be sent. */
function exact(name, value) {
  // By now JSON has made a text of a date, and null of one that is none.
  if (value === null && isDate(this[name])) throw new Inexpressible(`\`${name}\` is an invalid Date`);
  switch (typeof value) {
    case 'bigint':
      return String(value);
    case 'string':
      if (value.isWellFormed()) return value;
      throw new Inexpressible(`\`${name}\` holds half a character (a lone surrogate)`);
    case 'number':
      if (Number.isFinite(value)) return value;
      throw new Inexpressible(`\`${name}\` must be a finite number`);
    case 'function':
    case 'symbol':
      throw new Inexpressible(`\`${name}\` is a ${typeof value}`);
    case 'object':
      if (isMap(value) || isSet(value)) {
        throw new Inexpressible(`\`${name}\` must be a plain object or an array`);
      }
      return value;
    default:
      return value;
  }
}

/**
 * The value as JSON text.
 * @throws {Inexpressible}
 */
function toJson(value) {
  try {
    return JSON.stringify(value, exact) ?? 'null';
  } catch (error) {
    if (error instanceof Inexpressible) throw error;
    // V8's own text for a circle lists property names, which may be people's data in a map.
    throw new Inexpressible('the value refers to itself, or reading it failed');
  }
}

module.exports = { Inexpressible, toJson };
