'use strict';

const { className } = require('./failure.cjs');

/** More causes than this say nothing new. */
const MOST_ERRORS = 10;

/** A thrown error and its causes like a stack, with their messages redacted. */
function described(thrown, redacted) {
  const lines = [];
  const seen = new Set();
  for (let error = thrown; error !== undefined && !seen.has(error) && seen.size < MOST_ERRORS; error = causeOf(error)) {
    seen.add(error);
    const start = seen.size === 1 ? '' : 'caused by ';
    lines.push(`${start}${className(error)}: ${redacted(messageOf(error)) ?? ''}`, ...framesOf(error));
  }
  return lines.join('\n');
}

function causeOf(error) {
  return error instanceof Error ? (error.cause ?? undefined) : undefined;
}

function messageOf(error) {
  try {
    return String(error instanceof Error ? error.message : error).toWellFormed();
  } catch {
    return '';
  }
}

/** The lines of a stack after its message, which may hold anything. */
function framesOf(error) {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return [];
  const message = messageOf(error);
  const at = message === '' ? 0 : error.stack.indexOf(message);
  // A stack that was made before its message was changed has no safe beginning.
  if (at < 0) return [];
  return error.stack
    .slice(at + message.length)
    .split('\n')
    .filter((line) => /^\s+at /.test(line));
}

module.exports = { described };
