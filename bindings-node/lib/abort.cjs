'use strict';

const { Cancellation } = require('./native.cjs');

/**
 * The calls that each signal stops. They share one listener, for Node takes more than ten on one signal for a leak, and a program may well make
 * more calls than that at a time.
 */
const running = new WeakMap();

/** Stops calls when the signal is aborted. It leaves the signal as it was when the last of them has ended. */
class Stops {
  #signal;
  #stops = new Set();
  #onAbort = () => {
    for (const stop of this.#stops) stop(this.#signal.reason);
  };

  constructor(signal) {
    this.#signal = signal;
  }

  static of(signal) {
    if (!running.has(signal)) running.set(signal, new Stops(signal));
    return running.get(signal);
  }

  add(stop) {
    if (this.#stops.size === 0) this.#signal.addEventListener('abort', this.#onAbort);
    this.#stops.add(stop);
  }

  delete(stop) {
    this.#stops.delete(stop);
    if (this.#stops.size === 0) this.#signal.removeEventListener('abort', this.#onAbort);
  }
}

/**
 * The answer, unless the signal is aborted first: then its reason, at once, and the request leaves the wire. `hasEffect` tells whether the request may
 * have been carried out all the same; a reason that is an `Error` says so then, as every error of this package does.
 */
async function abortable(signal, start, hasEffect) {
  if (signal.aborted) throw signal.reason;
  const cancellation = new Cancellation();
  const stops = Stops.of(signal);
  let stop;
  const aborted = new Promise((_, reject) => {
    stop = (reason) => {
      cancellation.cancel();
      if (reason instanceof Error && hasEffect()) Reflect.set(reason, 'mayHaveBeenApplied', true);
      reject(reason);
    };
  });
  stops.add(stop);
  try {
    return await Promise.race([start(cancellation), aborted]);
  } finally {
    stops.delete(stop);
  }
}

module.exports = { abortable };
