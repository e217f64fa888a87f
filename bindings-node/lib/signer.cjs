'use strict';

/**
 * The function that the native library calls. It never fails: what a signer throws may say anything, so only its class is told. It holds the signer
 * weakly: the native library holds this function until the client is gone, and a signer often knows the client.
 */
function signing(signer) {
  const held = new WeakRef(signer);
  return async ({ method, path, signKey, body = null, bodySha256 = null }) => {
    try {
      const sign = await held.deref()({ method, path, signKey, body, bodySha256 });
      return typeof sign === 'string' ? { sign } : { failure: 'it must return a text' };
    } catch (error) {
      return { failure: `it threw ${error instanceof Error ? error.constructor.name : `a ${typeof error}`}` };
    }
  };
}

module.exports = { signing };
