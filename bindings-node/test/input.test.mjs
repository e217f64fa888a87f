// A request holds what the caller gave, or is not sent: what JSON would drop silently is an error.

import { deepEqual, equal, match, rejects, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { Client } from 'airudder';
import { bodyOf, reply, serve } from './support/server.mjs';

const requests = [];
const baseUrl = await serve(async (request, response) => {
  requests.push({ url: request.url, headers: request.headers, body: await bodyOf(request) });
  const id = '69f531a01a9df58aa6de2487be610abb';
  reply(response, { TaskID: id, workflow_id: id });
});
const client = new Client({ baseUrl });

const task = {
  taskName: 'Reminders',
  scheduleStartTime: '2026-03-02 09:00:00',
  scheduleEndTime: '2026-03-02 18:00:00',
  robotId: '1024',
  details: [{ mobile: '+6281230001111' }],
};

async function sent(changes, options) {
  await client.tasks.create({ ...task, ...changes }, options);
  return requests.at(-1);
}

test('undefined and null count as left out', async () => {
  const { body } = await sent({ sipLine: undefined, repeatNumber: null });
  deepEqual(Object.keys(JSON.parse(body)), ['TaskName', 'ScheduleStartTime', 'ScheduleEndTime', 'RobotID', 'Details']);
});

test('a BigInt goes out with all its digits', async () => {
  const { body } = await sent({ robotId: 9007199254740993n });
  equal(JSON.parse(body).RobotID, '9007199254740993');
});

test('a Date goes out as a time with its zone, and a time without one is refused', async () => {
  const workflow = { workflowTemplateId: 2001, name: 'Reminders' };
  await client.workflows.create({ ...workflow, endTime: new Date('2026-11-30T18:00:00+08:00') });
  equal(JSON.parse(requests.at(-1).body).end_time, '2026-11-30 10:00:00+00:00');
  await client.workflows.create({ ...workflow, endTime: '2026-11-30 18:00:00+08:00' });
  equal(JSON.parse(requests.at(-1).body).end_time, '2026-11-30 18:00:00+08:00');
  const naive = client.workflows.create({ ...workflow, endTime: '2026-11-30 18:00:00' });
  await rejects(naive, { code: 'invalid_request', message: /`endTime` must carry its zone/ });
});

test('an object of another realm is a plain object', async () => {
  const extra = runInNewContext('({ branch: "Menteng" })');
  const { body, headers } = await sent({ extra }, { extraHeaders: runInNewContext('({ "X-Trace": "7" })') });
  equal(JSON.parse(body).branch, 'Menteng');
  equal(headers['x-trace'], '7');
});

test('what a call sets for itself goes out', async () => {
  const options = { timeout: 5, maxRetries: 0, extraQuery: { v: 2 }, extraBody: { Campaign: 'spring' } };
  const { url, body } = await sent({}, options);
  equal(url, '/service/cloud/task?v=2');
  equal(JSON.parse(body).Campaign, 'spring');
});

test('what is changed after the call was made is not sent', async () => {
  const contact = { mobile: '+6281230001111' };
  const extraBody = { Campaign: 'spring' };
  const call = client.tasks.create({ ...task, details: [contact] }, { extraBody });
  contact.mobile = '+6281230002222';
  extraBody.Campaign = 'autumn';
  await call;
  const { Details, Campaign } = JSON.parse(requests.at(-1).body);
  deepEqual([Details, Campaign], [[{ Mobile: '+6281230001111' }], 'spring']);
});

const refused = {
  'a number that is none': [{ repeatNumber: Number.NaN }, /`repeatNumber` must be a finite number/],
  'an endless number': [{ repeatNumber: Infinity }, /`repeatNumber` must be a finite number/],
  'a Map': [{ extra: { variables: new Map([['a', 1]]) } }, /`variables` must be a plain object/],
  'a function': [{ taskName: () => 'x' }, /`taskName` is a function/],
  'half a character': [{ taskName: '\ud83d' }, /`taskName` holds half a character/],
  'a date in a field for the time of the account': [{ scheduleStartTime: new Date(0) }, /YYYY-MM-DD HH:MM:SS/],
  'a date that is none': [{ extra: { when: new Date('tomorrow') } }, /`when` is an invalid Date/],
  'a misspelt field': [{ tasknam: 'x' }, /tasknam/],
  'a number without its plus': [{ details: [{ mobile: '6281230001111' }] }, /`details\[0\]\.mobile`/],
};
for (const [what, [changes, message]] of Object.entries(refused)) {
  test(`${what} is refused`, async () => {
    const before = requests.length;
    await rejects(client.tasks.create({ ...task, ...changes }), { code: 'invalid_request', message });
    equal(requests.length, before);
  });
}

test('an object that refers to itself is refused without its names', async () => {
  const extra = { '+6281230001111': {} };
  extra['+6281230001111'].again = extra;
  const error = await client.tasks.create({ ...task, extra }).catch((error) => error);
  equal(error.code, 'invalid_request');
  match(error.message, /refers to itself/);
  equal(error.message.includes('6281230001111'), false);
});

test('options that would have no effect are refused', async () => {
  const options = [
    { extraHeaders: new Headers({ a: 'b' }) },
    { extraHeaders: { a: 1 } },
    { timeout: -1 },
    { maxRetries: 0.5 },
  ];
  for (const option of options) {
    await rejects(client.tasks.robots(option), { code: 'invalid_request' });
  }
});

test('settings that would have no effect are refused', () => {
  for (const settings of [{ appkey: 'x' }, { timeout: '5' }, { routes: new Map() }, { maxRetries: -1 }, 'x']) {
    throws(() => new Client(settings), { name: 'ConfigurationError', code: 'configuration' });
  }
});
