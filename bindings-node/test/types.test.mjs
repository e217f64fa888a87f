// The declarations accept what is right and refuse what is wrong, in every kind of project; the examples are right.

import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const home = fileURLToPath(new URL('..', import.meta.url));
const compiler = createRequire(import.meta.url)
  .resolve('typescript/package.json')
  .replace('package.json', 'bin/tsc');

for (const project of ['test/types', 'test/types/tsconfig.commonjs.json', '../examples/node']) {
  test(`tsc --strict accepts ${project}`, async () => {
    await run(process.execPath, [compiler, '--project', project], { cwd: home }).catch((error) => {
      throw new Error(error.stdout || error.message);
    });
  });
}
