// The programs of the package's README, as they stand there.

import { deepEqual, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { RateLimitedError, TransportError } from 'airudder';
import { bodyOf, reply, serve } from './support/server.mjs';

/** What the server was asked, and how it answers when a task is created. */
const asked = [];
let create = (response) => reply(response, { TaskID: 't-1' });
process.env.AIRUDDER_BASE_URL = await serve(async (request, response) => {
  asked.push({ url: request.url, body: await bodyOf(request) });
  if (request.url.endsWith('/robot')) return reply(response, { List: [{ RobotID: '1001' }] });
  if (request.url.endsWith('/task')) return create(response);
  return reply(response, { calls: [{ callid: 'c-1' }] });
});

import { Client } from 'airudder'; // or: const { Client } = require('airudder')

const client = new Client({ appKey: '...', appSecret: '...' }); // or AIRUDDER_APP_KEY and AIRUDDER_APP_SECRET
const { robots } = await client.tasks.robots();
const { taskId } = await client.tasks.create({
  taskName: 'Reminders',
  scheduleStartTime: '2026-11-23 09:00:00', // in the time zone of the account
  scheduleEndTime: '2026-11-23 18:00:00',
  robotId: robots[0].robotId,
  details: [{ mobile: '+6281230000001', debtor: 'Budi', arrears: '150000', unit: 'IDR' }],
});
const { calls } = await client.tasks.detail({ taskId });

test('the first calls create a task and read its results', () => {
  deepEqual(
    asked.map(({ url }) => url),
    ['/service/cloud/robot', '/service/cloud/task', '/service/cloud/detail?TaskID=t-1'],
  );
  const { TaskName, RobotID, Details } = JSON.parse(asked[1].body);
  deepEqual([TaskName, RobotID], ['Reminders', '1001']);
  deepEqual(Details, [{ Mobile: '+6281230000001', Debtor: 'Budi', Arrears: '150000', Unit: 'IDR' }]);
  deepEqual(
    calls.map(({ callId }) => callId),
    ['c-1'],
  );
});

async function createTask(task) {
  try {
    await client.tasks.create(task);
  } catch (error) {
    if (error instanceof RateLimitedError) console.log(`again in ${error.retryAfter} s`);
    else if (error instanceof TransportError && error.mayHaveBeenApplied) console.log('look at tasks.list() first');
    else throw error;
  }
}

test('an error is of the class that says what happened', async ({ mock }) => {
  const log = mock.method(console, 'log', () => {});
  const task = {
    taskName: 'Reminders',
    scheduleStartTime: '2026-11-23 09:00:00',
    scheduleEndTime: '2026-11-23 18:00:00',
    robotId: '1001',
    details: [{ mobile: '+6281230000001' }],
  };
  create = (response) => {
    response.statusCode = 429;
    // Longer than a call may take, so that it fails at once.
    response.setHeader('Retry-After', '600');
    reply(response, null, { code: 429, status: 'Too Many Requests' });
  };
  await createTask(task);
  create = (response) => response.destroy();
  await createTask(task);
  create = (response) => {
    response.statusCode = 400;
    reply(response, null, { code: 400, status: 'Bad Request' });
  };
  await rejects(createTask(task), { name: 'BadRequestError' });
  deepEqual(
    log.mock.calls.map((call) => call.arguments),
    [['again in 600 s'], ['look at tasks.list() first']],
  );
});
