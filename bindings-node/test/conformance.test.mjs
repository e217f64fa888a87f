// The cases that every language's suite plays: each through the public surface, against the bytes and values that the case expects.

import { ok } from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { inspect } from 'node:util';
import { AiRudderError, Client } from 'airudder';
import { startCaseServer } from './support/cases.mjs';

const server = await startCaseServer();
after(() => server.stop());

const cases = await server.list();

describe('the shared cases', { concurrency: true }, () => {
  for (const { file, name } of cases) test(`${file}/${name}`, () => play({ file, name }));
});

async function play(which) {
  const { id, case: played } = await server.start(which);
  const outcomes = [];
  try {
    const client = lazy(() => new Client(played.client));
    for (const step of played.steps) outcomes.push(await outcomeOf(client, step));
  } finally {
    const { ok: passed, problems } = await server.finish(id, outcomes);
    ok(passed, [played.why, ...problems].join('\n  '));
  }
}

/** Made with the first step, which fails when it cannot be made. */
function lazy(make) {
  let made;
  return () => {
    made ??= make();
    return made;
  };
}

async function outcomeOf(client, step) {
  try {
    const value = step.call === null ? client() && null : await perform(client(), step);
    // Answers are plain objects, made to be printed; the client is not.
    return { value, shown: [inspect(client(), { depth: 9, showHidden: true })] };
  } catch (error) {
    if (!(error instanceof AiRudderError)) throw error;
    const attributes = { ...error };
    const shown = [inspect(error), String(error), error.stack, JSON.stringify(error)];
    return { error: { message: error.message, ...attributes }, shown };
  }
}

function perform(client, { call, params, options }) {
  if (call === 'raw') return client.raw(params, options);
  if (call === 'events.unwrap') return unwrapped(client, params);
  const [family, name] = call.split('.').map(camel);
  const method = client[family][name].bind(client[family]);
  const hasParams = Object.keys(params).length > 0;
  return hasParams || method.length > 1 ? method(params, options) : method(options);
}

function unwrapped(client, { body, headers, kind }) {
  const { kind: known, data } = client.events.unwrap(body, headers, { kind });
  return known === 'unknown' ? { kind: known, data } : { kind: known, event: data };
}

function camel(name) {
  return name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
}
