// The cases that every language's suite plays: each through the public surface, against the bytes and values that the case expects.

import { ok } from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { Client } from 'airudder';
import { startCaseServer } from './support/cases.mjs';
import { outcomeOf } from './support/steps.mjs';

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
