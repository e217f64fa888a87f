'use strict';

const { AiRudderError } = require('../generated/errors.cjs');

/** The error that a failure of the native library stands for. It is made here, where the stack leads to the caller's line. */
function toError(failure) {
  const classes = require('../generated/error-codes.cjs');
  const { message, ...attributes } = JSON.parse(failure.error);
  const ErrorClass = classes[attributes.code] ?? AiRudderError;
  return new ErrorClass(message, attributes);
}

/** What the native library gave back, or the error that it gave instead. */
function unwrap(outcome) {
  if (typeof outcome?.error === 'string') throw toError(outcome);
  return outcome;
}

/** An error that this side found before the native library was asked, so nothing was sent. */
function refused(ErrorClass, problem, operation, known) {
  const where = operation === undefined ? '' : `${operation}: `;
  return new ErrorClass(`${where}${problem}.`, { operation, attempts: 0, mayHaveBeenApplied: false, ...known });
}

/** What is told of an error that may say anything. */
function className(error) {
  return error instanceof Error ? (error.constructor?.name ?? 'Error') : `a ${typeof error}`;
}

module.exports = { className, refused, unwrap };
