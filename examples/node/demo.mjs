// The main job, from credentials to a finished call: sign in, choose a robot, create a task over an encrypting client, follow it, receive its
// events, read its results, and listen to a recording. Run it against the emulator:
//
//     AIRUDDER_BASE_URL=http://127.0.0.1:8181 AIRUDDER_ENCRYPTION_KEY=airudderredduria node demo.mjs

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Client } from 'airudder';
import { check, emulator, receiveEvents, say, signal } from './story.mjs';
import { readWav } from './wav.mjs';

// The emulator goes by the last digits of a number: these people answer, do not answer, are busy, and answer when they are called again.
const contacts = [
  {
    mobile: '+6281230000001',
    debtor: 'Budi',
    dueDate: '2026-12-01',
    arrears: '150000',
    unit: 'IDR',
    platform: 'KoinKita',
  },
  {
    mobile: '+6281230000002',
    debtor: 'Sari',
    dueDate: '2026-12-01',
    arrears: '275000',
    unit: 'IDR',
    platform: 'KoinKita',
  },
  {
    mobile: '+6281230000003',
    debtor: 'Wayan',
    dueDate: '2026-12-02',
    arrears: '80000',
    unit: 'IDR',
    platform: 'KoinKita',
  },
  {
    mobile: '+6281230000005',
    debtor: 'Dewi',
    dueDate: '2026-12-03',
    arrears: '990000',
    unit: 'IDR',
    platform: 'KoinKita',
  },
];

/** What the events told. The same event may come again: kept by its id, it counts once. */
const told = {
  /** @type {Map<string | undefined, import('airudder').Call>} */
  calls: new Map(),
  /** @type {Map<string | undefined, import('airudder').TaskFinished>} */
  tasks: new Map(),
};

const client = new Client();
const events = await receiveEvents(client, (event) => {
  if (event.kind === 'call.finished') told.calls.set(event.data.callId, event.data);
  if (event.kind === 'task.finished') told.tasks.set(event.data.taskId, event.data);
});
const folder = await mkdtemp(join(tmpdir(), 'airudder-demo-'));
try {
  await demo();
} finally {
  events.close();
  await rm(folder, { recursive: true });
}

async function demo() {
  const { token } = await client.auth.token({ signal });
  say('signed in', `a token of ${token.length} characters`);

  const { robots } = await client.tasks.robots({ signal });
  say('robots', robots.map((robot) => `${robot.robotName} (${robot.robotId}, ${robot.language})`).join(', '));
  const robot = robots.find((robot) => robot.status === 'enabled');
  if (robot?.robotId === undefined) throw new Error('no robot is enabled');

  const { taskId } = await client.tasks.create(
    {
      taskName: 'Reminders from Node',
      scheduleStartTime: accountTime(0),
      scheduleEndTime: accountTime(8),
      robotId: robot.robotId,
      repeatNumber: 1,
      repeatInterval: 1,
      details: contacts,
    },
    { signal },
  );
  say('created', `task ${taskId} with ${contacts.length} contacts, encrypted`);

  const task = await follow(taskId);
  await checkEvents(task);
  await checkRecording(task);
  await checkEncryption();
}

/** Waits until the task has ended and tells how far it is. @param {string} taskId */
async function follow(taskId) {
  for (let told; ; await setTimeout(200, undefined, { signal })) {
    const task = await client.tasks.detail({ taskId }, { signal });
    const progress = `${task.status}, ${task.finished} of ${task.total} numbers have their result`;
    if (progress !== told) say('followed', progress);
    told = progress;
    if (task.status === 'finished') return task;
  }
}

/** @param {import('airudder').TaskDetail} task */
async function checkEvents(task) {
  while (told.tasks.size === 0 || told.calls.size < contacts.length) await setTimeout(50, undefined, { signal });
  for (const call of told.calls.values()) {
    const talk = call.talkDuration ? `, ${call.talkDuration} s, intention ${call.intention}` : '';
    say('call.finished', `${call.callee?.slice(-4).padStart(8, '…')} ${call.status}${talk}`);
  }
  for (const ended of told.tasks.values()) {
    say('task.finished', `${ended.total} numbers, ${ended.answered} answered`);
    check(
      ended.taskId === task.taskId && ended.total === contacts.length && ended.answered === 2,
      'task.finished tells the task',
    );
  }
  check(told.tasks.size === 1, 'one task.finished');
  check(task.calls.length === contacts.length, 'the details hold one call for each contact');
  for (const [index, status] of ['answered', 'no_answer', 'busy', 'answered'].entries()) {
    const call = task.calls.find((call) => call.callee === contacts[index]?.mobile);
    check(call?.status === status, `number ${index + 1} ended as ${status}`);
    // Links are made anew for each answer, and of what a business line adds an event knows no more than the names.
    const { recording, extra, ...event } = told.calls.get(call?.callId) ?? {};
    const isTold = Object.keys(event).length > 0;
    check(
      isTold && isDeepStrictEqual({ ...call, ...event }, call),
      `call.finished of number ${index + 1} says what the details say`,
    );
  }
}

/** @param {import('airudder').TaskDetail} task */
async function checkRecording({ taskId, calls }) {
  const call = calls.find((call) => call.status === 'answered');
  if (taskId === undefined || call?.callee === undefined) throw new Error('there is no answered call');
  const path = join(folder, 'call.wav');
  const download = await client.tasks.recording({ taskId, callee: call.callee, path }, { signal });
  const sound = readWav(await readFile(path));
  say('recording', `${download.bytes} bytes of ${download.contentType}: ${sound.seconds} s at ${sound.rate} Hz`);
  check(sound.seconds === call.talkDuration, 'the recording is as long as the talk');
}

/** The emulator keeps a log of what it received. A request that says nothing has nothing to encrypt, and a token is asked for in clear. */
async function checkEncryption() {
  /** @type {{ operation: string, query: string, body: unknown, encrypted: boolean, headers: Record<string, string> }[]} */
  const log = (await emulator('GET', '/_emulator/requests')).List;
  const own = log.filter(
    ({ operation, headers }) => headers['user-agent']?.includes('Node/') && operation !== 'auth.token',
  );
  const sent = own.filter(({ query, body }) => query !== '' || body !== null);
  say('encrypted', `${sent.length} requests and ${events.received} events, all of them`);
  check(sent.length >= 3 && sent.every((request) => request.encrypted), 'every request was encrypted');
  check(events.received >= contacts.length + 1 && events.inClear === 0, 'every event was encrypted');
}

/** A time as AI Rudder writes it. This takes the account to be in the time zone of this machine. @param {number} hours from now */
function accountTime(hours) {
  return new Date(Date.now() + hours * 3_600_000).toLocaleString('sv');
}
