// Events that are handled once, by handlers and stores of every kind.

import { deepEqual, equal, match, ok, rejects, throws } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inspect, promisify } from 'node:util';
import { Client, MemoryStore, SqliteStore } from 'airudder';
import './support/environment.mjs';

const baseUrl = 'http://127.0.0.1:9';
const { events } = new Client({ baseUrl });
const call = events.sample('call.finished');
const folder = await mkdtemp(join(tmpdir(), 'airudder-'));
after(() => rm(folder, { recursive: true }));

const handled = { status: 200, outcome: 'handled' };
const duplicate = { status: 200, outcome: 'duplicate' };
const busy = { status: 503, outcome: 'busy' };
const failed = { status: 500, outcome: 'failed' };
const unhandled = { status: 200, outcome: 'unhandled' };

/** A store as a caller may write one, which takes its time. */
class OwnStore {
  asked = [];
  #known = new Map();

  async begin(key, fence, lease) {
    this.asked.push(['begin', key, lease]);
    const known = this.#known.get(key);
    if (known === undefined) this.#known.set(key, { state: 'busy', fence });
    await setTimeout(1);
    return known?.state ?? 'new';
  }

  async renew(key, fence) {
    return this.#known.get(key)?.fence === fence;
  }

  async finish(key, fence) {
    await setTimeout(1);
    this.asked.push(['finish', key]);
    const isOwn = await this.renew(key, fence);
    if (isOwn) this.#known.set(key, { state: 'done', fence });
    return isOwn;
  }

  release(key, fence) {
    this.asked.push(['release', key]);
    if (this.#known.get(key)?.fence === fence) this.#known.delete(key);
  }

  /** Lets another process take over a claim whose lease lapsed. */
  takeOver(key) {
    this.#known.set(key, { state: 'busy', fence: 'of another' });
  }
}

const stores = {
  'no store': () => undefined,
  MemoryStore: () => new MemoryStore(),
  SqliteStore: () => new SqliteStore(join(folder, `${Math.random()}.sqlite`)),
  'a store of the caller': () => new OwnStore(),
};
for (const [name, make] of Object.entries(stores)) {
  test(`with ${name}, an event is handled once, and again when that failed`, async () => {
    const seen = [];
    let isBroken = true;
    const router = events.router({ store: make(), log: () => {} }).on('call.finished', async (event) => {
      await setTimeout(1);
      if (isBroken) throw new Error('not yet');
      seen.push(event);
    });
    deepEqual(await router.handle(call, {}), failed);
    isBroken = false;
    const replies = await Promise.all(Array.from({ length: 16 }, () => router.handle(call, {})));
    equal(replies.filter(({ outcome }) => outcome === 'handled').length, 1);
    ok(replies.every(({ outcome }) => ['handled', 'busy', 'duplicate'].includes(outcome)));
    deepEqual(await router.handle(call, {}), duplicate);
    deepEqual(seen, [events.unwrap(call, {})]);
  });

  test(`with ${name}, a copy that comes while an event is handled is to come again`, async () => {
    let finish;
    let begun;
    const isBegun = new Promise((resolve) => {
      begun = resolve;
    });
    const router = events.router({ store: make() }).on('call.finished', () => {
      begun();
      return new Promise((resolve) => {
        finish = resolve;
      });
    });
    const first = router.handle(call, {});
    await isBegun;
    deepEqual(await router.handle(call, {}), busy);
    finish();
    deepEqual(await first, handled);
    deepEqual(await router.handle(call, {}), duplicate);
  });
}

test('a store is shared by routers, and a SQLite file by stores and processes', async () => {
  const path = join(folder, 'shared.sqlite');
  const memory = new MemoryStore({ keepFor: 600 });
  const pairs = [
    [memory, memory],
    [new SqliteStore(path), new SqliteStore(path, { keepFor: 600 })],
  ];
  for (const [one, other] of pairs) {
    const accept = () => {};
    deepEqual(await events.router({ store: one }).on('call.finished', accept).handle(call, {}), handled);
    deepEqual(await events.router({ store: other }).on('call.finished', accept).handle(call, {}), duplicate);
  }
  const program = `
    import { Client, SqliteStore } from 'airudder';
    const { events } = new Client({ baseUrl: '${baseUrl}' });
    const router = events.router({ store: new SqliteStore(process.argv[1]) }).otherwise(() => {});
    const reply = await router.handle(events.sample('call.finished'), {});
    const other = await router.handle(events.sample('task.finished'), {});
    console.log(reply.outcome, other.outcome);
  `;
  const run = promisify(execFile);
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program, path], { cwd });
  equal(stdout, 'duplicate handled\n');
});

test('a store of the caller is asked by key and lease', async () => {
  const store = new OwnStore();
  const router = events.router({ store }).on('call.finished', () => {});
  await router.handle(call, {});
  await router.handle(events.sample('task.finished'), {});
  const { key } = events.unwrap(call, {});
  const other = events.unwrap(events.sample('task.finished'), {}).key;
  deepEqual(store.asked, [
    ['begin', key, 30],
    ['finish', key],
    ['begin', other, 30],
    ['release', other],
  ]);
});

test('a handler whose claim was taken over does not finish the claim of the other', async () => {
  const store = new OwnStore();
  const lines = [];
  const router = events.router({ store, log: (line) => lines.push(line) });
  router.on('call.finished', ({ key }) => store.takeOver(key));
  deepEqual(await router.handle(call, {}), handled);
  deepEqual(await router.handle(call, {}), { status: 503, outcome: 'busy' });
  equal(lines.length, 1);
  match(lines[0], /lost before its handler ended/);
});

class PoolError extends Error {}
const brokenStores = {
  '`begin` threw PoolError': {
    begin: () => {
      throw new PoolError('+6281230001111 is a customer');
    },
  },
  "`begin` must return 'new', 'busy' or 'done'": { begin: () => '+6281230001111' },
};
for (const [what, broken] of Object.entries(brokenStores)) {
  test(`when a store fails (${what}), nothing is handled and nothing is shown`, async () => {
    const lines = [];
    const store = Object.assign(new OwnStore(), broken);
    const router = events.router({ store, log: (line) => lines.push(line) }).otherwise(() => {
      throw new Error('it was handled');
    });
    deepEqual(await router.handle(call, {}), failed);
    equal(lines.length, 1);
    ok(lines[0].includes(what), lines[0]);
    ok(!lines[0].includes('62812'));
  });
}

test('an event goes to the handler of its kind, else to the one for all others, else nowhere', async () => {
  const seen = [];
  const router = events.router();
  deepEqual(await router.handle(call, {}), unhandled);
  router.on('call.finished', ({ data }) => seen.push(data.callId)).otherwise(({ kind }) => seen.push(kind));
  deepEqual(await router.handle(call, {}), handled);
  deepEqual(await router.handle(events.sample('task.finished'), {}, { kind: 'task.finished' }), handled);
  deepEqual(await router.handle(Buffer.from('{"what":"is this"}'), {}), handled);
  deepEqual(await router.handle(Buffer.from('{"a":1}'), {}, { path: '/events/workflow.status?x=/tasks' }), handled);
  deepEqual(seen.slice(1), ['task.finished', 'unknown', 'workflow.status']);
});

test('what a handler throws is logged with its stack and without what the event says', async () => {
  const lines = [];
  const told = [];
  const body = Buffer.from('{"callid":"c-1","callee":"+6281230001111","variables":{"name":"Budi Canary"}}');
  const saving = () => {
    const cause = new RangeError('0812-3000-1111 is busy\n    at Budi Canary (+6281230001111)');
    throw new TypeError('cannot save Budi Canary, row 40017 of 2026-03-02', { cause });
  };
  const thrown = [saving, '+6281230001111', null, Object.create(null)];
  const router = events
    .router({ log: (line) => lines.push(line) })
    .on('call.finished', () => {
      const next = thrown.pop();
      if (typeof next === 'function') next();
      throw next;
    })
    .onError(async (error, event) => {
      await setTimeout(1);
      told.push([error?.message, event.data.callee]);
    });
  while (thrown.length > 0) deepEqual(await router.handle(body, {}), failed);
  const start = 'airudder: the handler of call.finished failed; AI Rudder is to send the event again\n';
  ok(lines.every((line) => line.startsWith(start)));
  deepEqual(
    lines.slice(0, 3).map((line) => line.slice(start.length)),
    ['a object: ', 'a object: null', 'a string: [redacted]'],
  );
  match(lines[3], /TypeError: cannot save \[redacted\], row 40017 of 2026-03-02\n +at saving \(.*router\.test\.mjs/);
  match(lines[3], /caused by RangeError: /);
  ok(!/Budi|Canary|81230001111|3000-1111/.test(lines.join('')), lines.join(''));
  deepEqual(told.at(-1), ['cannot save Budi Canary, row 40017 of 2026-03-02', '+6281230001111']);
  equal(told.length, 4);
});

test('a callback for errors that fails changes nothing', async () => {
  const lines = [];
  const router = events.router({ log: (line) => lines.push(line) });
  router.on('call.finished', () => Promise.reject(new Error('first')));
  router.onError(() => Promise.reject(new Error('second')));
  deepEqual(await router.handle(call, {}), failed);
  match(lines[1], /`onError` of call\.finished failed.*\nError: second/);
  throws(() => router.onError(() => {}), { name: 'ConfigurationError' });
});

test('what cannot be taken is answered, not thrown', async () => {
  const lines = [];
  const router = events.router({ log: (line) => lines.push(line) });
  const refused = (status, reason) => ({ status, outcome: 'refused', reason });
  deepEqual(await router.handle(JSON.parse(call), {}), refused(400, 'not_raw'));
  deepEqual(await router.handle(String(call), {}), refused(400, 'not_raw'));
  deepEqual(await router.handle(Buffer.from('{'), {}), refused(400, 'not_json'));
  deepEqual(await router.handle(call, { 'X-AIRudder-Sign': 'x' }), refused(401, 'sign'));
  deepEqual(await router.handle(Buffer.alloc(2 ** 20 + 1), {}), refused(413, 'too_large'));
  deepEqual(await router.handle(call, {}, { kind: 'call.ended' }), refused(400, 'unknown_kind'));
  equal(lines.length, 6);
  match(lines[0], /^airudder: events\.unwrap: .*`body` is an object/);
  await rejects(router.handle(call), { name: 'EventError', reason: 'missing_header' });
});

test('a router waits for a signer that takes its time', async () => {
  const kind = 'workflow.chatbot_session_ended';
  const body = events.sample(kind);
  const signer = async (request) => {
    await setTimeout(1);
    return `signed ${request.body.length}`;
  };
  const router = new Client({ baseUrl, signer }).events.router({ log: () => {} }).on(kind, () => {});
  deepEqual(await router.handle(body, { 'X-AIRudder-Sign': `signed ${body.length}` }), handled);
  equal((await router.handle(body, { 'X-AIRudder-Sign': 'signed' })).reason, 'sign');
  const lines = [];
  const signing = new Client({ baseUrl, signer: async () => Promise.reject(new RangeError('+6281230001111')) });
  const failing = signing.events.router({ log: (line) => lines.push(line) });
  equal((await failing.handle(body, { 'X-AIRudder-Sign': 'x' })).reason, 'no_key');
  match(lines[0], /it threw RangeError/);
});

test('a router that would not do what was meant is refused', () => {
  const refused = { name: 'ConfigurationError' };
  throws(() => events.router({ stores: 1 }), refused);
  throws(() => events.router({ log: 'yes' }), refused);
  throws(() => events.router({ store: new Map() }), { ...refused, message: /no `begin`/ });
  throws(() => events.router().on('call.ended', () => {}), { ...refused, message: /`call\.ended`/ });
  throws(() => events.router().on('call.finished'), refused);
  const router = events.router();
  router.on('call.finished', () => {}).otherwise(() => {});
  throws(() => router.on('call.finished', () => {}), refused);
  throws(() => router.otherwise(() => {}), refused);
  for (const keepFor of [0, -1, Number.NaN, '1', 1e300]) throws(() => new MemoryStore({ keepFor }), refused);
  throws(() => new MemoryStore({ keep: 1 }), refused);
  throws(() => new SqliteStore(), refused);
  throws(() => new SqliteStore(join(folder, 'missing', 'events.sqlite')), { name: 'FileError' });
});

test('neither a router nor a store shows what it holds', async () => {
  const { events } = new Client({ baseUrl, signSecret: 'canary-secret', encryptionKey: 'canary-canary-16' });
  const shown = inspect([events.router(), new SqliteStore(join(folder, 'shown.sqlite'))], {
    depth: 9,
    showHidden: true,
  });
  ok(!shown.includes('canary'));
});
