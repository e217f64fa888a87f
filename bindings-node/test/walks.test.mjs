// Every operation against the emulator, and some against a mock server.

import { deepEqual } from 'node:assert/strict';
import { after, test } from 'node:test';
import { Client } from 'airudder';
import { startCaseServer } from './support/cases.mjs';
import { outcomeOf } from './support/steps.mjs';

const server = await startCaseServer();
after(() => server.stop());

for (const which of await server.walks()) {
  test(`the walk ${which.file}`, async () => {
    const { id, client: settings } = await server.walk(which);
    const client = new Client(settings);
    let answer = await server.next(id, null);
    while (!answer.done) answer = await server.next(id, await outcomeOf(() => client, answer.step));
    deepEqual(answer.problems, []);
  });
}

// Tests of a file run one after another: by now all walks have been gone through.
test('no operation is left out', async () => {
  deepEqual(await server.missing(), { missing: [] });
});
