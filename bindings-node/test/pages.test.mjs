// All items of a list, page after page.

import { deepEqual, equal, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from 'airudder';
import { bodyOf, reply, serve } from './support/server.mjs';

/** What the server has, whether it answers one page to everything or none at all, and what it was asked. */
let listed = { ids: [], total: undefined };
let isStuck = false;
let isDown = false;
const asked = [];
const baseUrl = await serve((request, response) => {
  const query = new URL(request.url, 'http://x').searchParams;
  asked.push(query.toString());
  if (isDown) return response.destroy();
  const page = isStuck ? 1 : Number(query.get('Page'));
  const size = Number(query.get('Number') ?? 20);
  const ids = listed.ids.slice((page - 1) * size, page * size);
  reply(response, { List: ids.map((TaskID) => ({ TaskID })), Total: listed.total });
});
const client = new Client({ baseUrl });

async function collect(tasks) {
  const ids = [];
  for await (const { taskId } of tasks) ids.push(taskId);
  return ids;
}

test('every item comes once, and no page is asked for in vain', async () => {
  listed = { ids: ['a', 'b', 'c', 'd', 'e'], total: 5 };
  asked.length = 0;
  deepEqual(await collect(client.tasks.listAll({ pageSize: 2 })), listed.ids);
  deepEqual(asked, ['Number=2&Page=1', 'Number=2&Page=2', 'Number=2&Page=3']);
});

test('without a total the first empty page ends it', async () => {
  listed = { ids: ['a', 'b'], total: undefined };
  asked.length = 0;
  deepEqual(await collect(client.tasks.listAll({ pageSize: 2 })), listed.ids);
  equal(asked.length, 2);
});

test('a list that is empty has no items', async () => {
  listed = { ids: [], total: 0 };
  deepEqual(await collect(client.tasks.listAll()), []);
});

test('who stops early asks for no more', async () => {
  listed = { ids: ['a', 'b', 'c'], total: 3 };
  asked.length = 0;
  for await (const { taskId } of client.tasks.listAll({ pageSize: 1 })) {
    if (taskId === 'b') break;
  }
  equal(asked.length, 2);
});

test('who closes the list asks for no more, and gets no more', async () => {
  listed = { ids: ['a', 'b', 'c'], total: 3 };
  asked.length = 0;
  const tasks = client.tasks.listAll({ pageSize: 2 });
  equal(asked.length, 0);
  equal((await tasks.next()).value.taskId, 'a');
  await tasks.return();
  deepEqual(await tasks.next(), { done: true, value: undefined });
  equal(asked.length, 1);
});

test('who asks for several items at once gets them in order', async () => {
  listed = { ids: ['a', 'b', 'c'], total: 3 };
  asked.length = 0;
  const tasks = client.tasks.listAll({ pageSize: 2 });
  const items = await Promise.all([tasks.next(), tasks.next(), tasks.next(), tasks.next()]);
  deepEqual(
    items.map(({ value }) => value?.taskId),
    ['a', 'b', 'c', undefined],
  );
  equal(asked.length, 2);
});

test('a page that did not come is asked for again by the next loop', async () => {
  listed = { ids: ['a', 'b', 'c', 'd'], total: 4 };
  const tasks = client.tasks.listAll({ pageSize: 2 }, { maxRetries: 0 });
  isDown = false;
  const ids = [];
  const loop = async () => {
    for await (const { taskId } of tasks) {
      ids.push(taskId);
      isDown = ids.length === 2;
    }
  };
  await rejects(loop, { name: 'ConnectionLostError', retryable: true });
  deepEqual(ids, ['a', 'b']);
  isDown = false;
  await loop();
  deepEqual(ids, ['a', 'b', 'c', 'd']);
});

test('after an error that stays there is nothing more', async () => {
  listed = { ids: ['a'], total: 2 };
  isStuck = true;
  const tasks = client.tasks.listAll({ pageSize: 1 });
  await tasks.next();
  await rejects(tasks.next(), { name: 'EndlessListError' });
  deepEqual(await tasks.next(), { done: true, value: undefined });
  isStuck = false;
});

test('it begins at the page that the caller names', async () => {
  listed = { ids: ['a', 'b', 'c'], total: 3 };
  deepEqual(await collect(client.tasks.listAll({ page: 2, pageSize: 1 })), ['b', 'c']);
});

test('a page that comes again is an error, after the items that came', async () => {
  listed = { ids: ['a', 'b'], total: undefined };
  isStuck = true;
  asked.length = 0;
  const ids = [];
  const loop = async () => {
    for await (const { taskId } of client.tasks.listAll({ pageSize: 2 })) ids.push(taskId);
  };
  await rejects(loop, { name: 'EndlessListError', code: 'endless_list', operation: 'tasks.list', retryable: false });
  deepEqual(ids, ['a', 'b']);
  equal(asked.length, 2);
  isStuck = false;
});

test('a list that tells where it goes on is walked by that', async () => {
  const messages = Array.from({ length: 5 }, (_, number) => ({ msg_id: `m-${number}` }));
  const cursors = [];
  const url = await serve(async (request, response) => {
    const { last_msg_id: last, size } = JSON.parse(await bodyOf(request));
    cursors.push(last);
    const first = messages.findIndex(({ msg_id: id }) => id === last) + 1;
    reply(response, { messages: messages.slice(first, first + size) });
  });
  const ids = [];
  for await (const { msgId } of new Client({ baseUrl: url }).chatbot.messagesAll({ callId: 'c-1', size: 2 })) {
    ids.push(msgId);
  }
  deepEqual(
    ids,
    messages.map((message) => message.msg_id),
  );
  deepEqual(cursors.slice(0, 3), [undefined, 'm-1', 'm-3']);
});

test('the options hold for every page, and an error reaches the loop', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await rejects(collect(client.tasks.listAll({}, { signal })), { message: 'enough' });
  await rejects(collect(client.tasks.listAll({ pageSize: 'two' })), {
    code: 'invalid_request',
    operation: 'tasks.list',
  });
});
