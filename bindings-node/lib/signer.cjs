'use strict';

const { className } = require('./failure.cjs');

/**
 * The function that the native library calls. It never fails: what a signer throws may say anything, so only its class is told. It holds the signer
 * weakly: the native library holds this function until the client is gone, and a signer often knows the client.
 */
function signing(signer) {
  const held = new WeakRef(signer);
  return (request) => sign(held.deref(), request);
}

/** What the signer answers: its sign, or why there is none. */
async function sign(signer, request) {
  try {
    return answered(await signer(asked(request)));
  } catch (error) {
    return { failure: thrown(error) };
  }
}

/** The same where nobody can wait. */
function signNow(signer, request) {
  try {
    const sign = signer(asked(request));
    if (typeof sign?.then !== 'function') return answered(sign);
    // Nobody waits for it, so nobody would hear that it failed, either.
    Promise.resolve(sign).catch(() => {});
    return { failure: 'it returned a promise, and `events.unwrap` cannot wait; `events.router` can' };
  } catch (error) {
    return { failure: thrown(error) };
  }
}

function asked({ method, path, signKey, body = null, bodySha256 = null }) {
  return { method, path, signKey, body, bodySha256 };
}

function answered(sign) {
  return typeof sign === 'string' ? { sign } : { failure: 'it must return a text' };
}

function thrown(error) {
  return `it threw ${className(error)}`;
}

module.exports = { sign, signNow, signing };
