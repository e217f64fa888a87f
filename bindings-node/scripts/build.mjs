// Builds the native library and puts it where the package looks for it, or `--into` another folder. What else stands after the command goes to cargo:
// `npm run build -- --release`.

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = dirname(dirname(fileURLToPath(import.meta.url)));

const forCargo = process.argv.slice(2);
const into = forCargo.indexOf('--into');
const folder = into < 0 ? join(home, 'native') : resolve(forCargo.splice(into, 2)[1]);

const command = ['build', '--package', 'airudder-node', '--message-format', 'json-render-diagnostics'];
const cargo = spawnSync('cargo', [...command, ...forCargo], {
  cwd: home,
  encoding: 'utf8',
  maxBuffer: 2 ** 28,
  stdio: ['ignore', 'pipe', 'inherit'],
});
if (cargo.error) throw cargo.error;
if (cargo.status !== 0) process.exit(cargo.status ?? 1);

const messages = cargo.stdout.split('\n').filter(Boolean).map(JSON.parse);
const built = messages.find(({ reason, target }) => reason === 'compiler-artifact' && target.name === 'airudder_node');
if (!built) throw new Error('cargo built no library');

const target = join(folder, `${platform()}.node`);
const fresh = `${target}.${process.pid}`;
mkdirSync(folder, { recursive: true });
try {
  copyFileSync(built.filenames[0], fresh);
  if (forCargo.includes('--release')) strip(fresh);
  // In one step: a process that has the old file loaded keeps it.
  renameSync(fresh, target);
} finally {
  rmSync(fresh, { force: true });
}

/** Takes the names of functions out, which nobody asks a finished package for. They stay where there is no program for that. */
function strip(library) {
  const flags = process.platform === 'darwin' ? ['-x'] : ['--strip-unneeded'];
  spawnSync('strip', [...flags, library], { stdio: 'ignore' });
}

/** The name under which `lib/native.cjs` looks for the library. */
function platform() {
  const name = `${process.platform}-${process.arch}`;
  if (process.platform !== 'linux') return name;
  return `${name}-${process.report.getReport().header.glibcVersionRuntime ? 'gnu' : 'musl'}`;
}
