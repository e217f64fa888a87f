'use strict';

/**
 * A download that `onProgress` hears of. What it throws ends the download: `start` gets a signal that is aborted then, and a listener of JSON text that
 * never throws.
 */
async function listened(onProgress, signal, start) {
  const failed = new AbortController();
  const either = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  return start(either, (json) => {
    if (either.aborted) return;
    try {
      onProgress(JSON.parse(json));
    } catch (error) {
      failed.abort(error);
    }
  });
}

module.exports = { listened };
