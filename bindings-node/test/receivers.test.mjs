// The receivers among the examples, as programs of their own, with events of the emulator.

import { equal } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { encryptionKey, startEmulator } from './support/emulator.mjs';

const emulator = await startEmulator();
const folder = await mkdtemp(join(tmpdir(), 'airudder-'));
after(() => {
  emulator.stop();
  return rm(folder, { recursive: true });
});

/** Starts a receiver, and gives its address, its lines, and what ends it. */
async function start(context, name) {
  const settings = {
    AIRUDDER_BASE_URL: emulator.url,
    AIRUDDER_ENCRYPTION_KEY: encryptionKey,
    EVENTS_FILE: join(folder, `${name}.sqlite`),
    PORT: '0',
  };
  const program = fileURLToPath(new URL(`../../examples/node/receiver_${name}.mjs`, import.meta.url));
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 2],
  });
  context.after(() => child.kill());
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const nextLine = async () => (await lines.next()).value;
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { url: (await nextLine()).replace('listening on ', ''), nextLine, kill };
}

for (const name of ['http', 'express', 'fastify']) {
  test(`receiver_${name} handles each event once, also when it was killed`, async (context) => {
    const first = await start(context, name);
    const call = { kind: 'call.finished', encrypted: true };
    const { callid, status } = await emulator.post({ ...call, url: `${first.url}/events/call.finished` });
    equal(await first.nextLine(), `call ${callid}: ${status}`);
    await emulator.confirmed();
    await first.kill();

    const second = await start(context, name);
    await emulator.post({ ...call, repeat: 3, url: `${second.url}/events/call.finished` });
    await emulator.confirmed();
    const { taskid } = await emulator.post({
      kind: 'task.finished',
      encrypted: true,
      url: `${second.url}/events/task.finished`,
    });
    // Of the call it says nothing more.
    equal(await second.nextLine(), `task ${taskid} has ended`);
    await emulator.post({ kind: 'plan.finished', encrypted: true, url: `${second.url}/events/plan.finished` });
    equal(await second.nextLine(), 'plan.finished is for nobody');
    await emulator.confirmed();
  });
}
