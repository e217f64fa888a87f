// All items of a list, page after page.

import { deepEqual, equal, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from 'airudder';
import { reply, serve } from './support/server.mjs';

/** What the server has, and what it was asked. */
let listed = { ids: [], total: undefined };
const asked = [];
const baseUrl = await serve((request, response) => {
  const query = new URL(request.url, 'http://x').searchParams;
  asked.push(query.toString());
  const [page, size] = [Number(query.get('Page')), Number(query.get('Number') ?? 20)];
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
  deepEqual(asked, ['Page=1&Number=2', 'Page=2&Number=2', 'Page=3&Number=2']);
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

test('the options hold for every page, and an error reaches the loop', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await rejects(collect(client.tasks.listAll({}, { signal })), { message: 'enough' });
  await rejects(collect(client.tasks.listAll({ pageSize: 'two' })), {
    code: 'invalid_request',
    operation: 'tasks.list',
  });
});
