// How the package lives in a process: loaded in both ways, in threads, and until the process ends.

import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import * as imported from 'airudder';
import { reply, serve } from './support/server.mjs';

const required = createRequire(import.meta.url)('airudder');
const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));

const hanging = new EventTarget();
const baseUrl = await serve((request, response) => {
  if (request.url.endsWith('TaskID=hang')) return hanging.dispatchEvent(new Event('hang'));
  if (request.url.endsWith('/robot')) return reply(response, { List: [{ RobotID: 1024 }] });
  response.statusCode = 404;
  return reply(response, null, { code: 404, status: 'Not Found' });
});

test('import and require give the same classes', () => {
  const { 'module.exports': _, ...classes } = imported;
  deepEqual(Object.keys(classes).sort(), Object.keys(required).sort());
  for (const [name, value] of Object.entries(classes)) equal(value, required[name], name);
  ok('Client' in classes && 'AiRudderError' in classes);
});

test('the package needs no other package', async () => {
  const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  for (const kind of ['dependencies', 'optionalDependencies']) equal(manifest[kind], undefined, kind);
  const frameworks = Object.keys(manifest.peerDependencies);
  deepEqual(manifest.peerDependenciesMeta, Object.fromEntries(frameworks.map((name) => [name, { optional: true }])));
});

test('a platform without its library is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'airudder-'));
  after(() => rm(folder, { recursive: true }));
  await cp(new URL('../lib/native.cjs', import.meta.url), join(folder, 'lib', 'native.cjs'));
  await mkdir(join(folder, 'native'));
  await writeFile(join(folder, 'native', 'plan9-mips.node'), '');
  const load = () => createRequire(join(folder, 'x'))('./lib/native.cjs');
  const platform = `${process.platform}-${process.arch}`;
  throws(load, { message: `This copy of airudder has no native library for ${platform}; it has: plan9-mips.node.` });
});

const program = `
  const client = new Client();
  client.tasks.robots().then(({ robots }) => console.log(robots[0].robotId));
`;
const ways = {
  'a module': ['--input-type=module', '--eval', `import { Client } from 'airudder'; ${program}`],
  'a script': ['--input-type=commonjs', '--eval', `const { Client } = require('airudder'); ${program}`],
};
for (const [what, args] of Object.entries(ways)) {
  test(`${what} needs nothing but the base URL and ends by itself`, async () => {
    const { stdout, stderr } = await run(process.execPath, args, {
      cwd: here,
      env: { PATH: process.env.PATH, AIRUDDER_BASE_URL: baseUrl },
      // Only a process that does not end by itself meets it.
      timeout: 60_000,
    });
    deepEqual({ stdout, stderr }, { stdout: '1024\n', stderr: '' });
  });
}

function worker(workerData) {
  return new Worker(new URL('support/worker.mjs', import.meta.url), { workerData: { baseUrl, ...workerData } });
}

test('threads call at the same time and end by themselves', async () => {
  const threads = Array.from({ length: 4 }, () => worker());
  const ended = threads.map((thread) => once(thread, 'exit'));
  const answers = await Promise.all(threads.map((thread) => once(thread, 'message')));
  for (const [answer] of answers) {
    deepEqual(answer, { robots: [{ robotId: '1024' }], isOurs: true, code: 'not_found' });
  }
  deepEqual(await Promise.all(ended), [[0], [0], [0], [0]]);
});

test('a thread can be ended in the middle of a call, and others go on', async () => {
  for (let round = 0; round < 3; round += 1) {
    const arrived = once(hanging, 'hang');
    const thread = worker({ hang: true });
    await arrived;
    equal(await thread.terminate(), 1);
  }
  const { robots } = await new imported.Client({ baseUrl }).tasks.robots();
  equal(robots.length, 1);
});

test('a process may end in the middle of a call', async () => {
  const source = `
    import { Client } from 'airudder';
    const client = new Client();
    client.tasks.detail({ taskId: 'hang' });
    process.stdin.once('data', () => process.exit(7));
  `;
  const arrived = once(hanging, 'hang');
  const child = execFile(process.execPath, ['--input-type=module', '--eval', source], {
    cwd: here,
    env: { PATH: process.env.PATH, AIRUDDER_BASE_URL: baseUrl },
  });
  const ended = once(child, 'exit');
  await arrived;
  child.stdin.write('end');
  deepEqual(await ended, [7, null]);
});
