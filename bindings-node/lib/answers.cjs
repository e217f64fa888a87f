'use strict';

const { Inbox } = require('./native.cjs');

/** More calls than this are not on their way at a time, and V8 holds a number up to here without allocating. */
const NUMBERS = 2 ** 30;

/** What settles the promise of each call that is on its way, by the call's number. */
const waiting = new Map();
/** Who hears of the progress of a call that is on its way, by the call's number. It comes under that number and `NUMBERS` more. */
const listening = new Map();
let number = 0;

/** Those of this thread: each thread that loads the package has its own. */
const inbox = new Inbox(settle);

/** Numbers and answers by turns: they come together, for waking this thread costs more than a promise does. */
function settle(told) {
  for (let at = 0; at < told.length; at += 2) {
    if (told[at] >= NUMBERS) {
      listening.get(told[at] - NUMBERS)?.(told[at + 1]);
      continue;
    }
    const resolve = waiting.get(told[at]);
    waiting.delete(told[at]);
    listening.delete(told[at]);
    resolve(told[at + 1]);
  }
  if (waiting.size === 0) inbox.release();
}

/**
 * The answer to a call of the native library, which `start` begins with where to tell it and under which number. `listener` hears of its progress, and must
 * not throw.
 */
function answerTo(start, listener) {
  return new Promise((resolve) => {
    do number = (number + 1) % NUMBERS;
    while (waiting.has(number));
    start(inbox, number);
    if (waiting.size === 0) inbox.hold();
    waiting.set(number, resolve);
    if (listener) listening.set(number, listener);
  });
}

module.exports = { answerTo };
