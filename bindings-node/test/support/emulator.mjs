// The emulator, which posts events.

import './environment.mjs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const workspace = fileURLToPath(new URL('../../../', import.meta.url));

/** The key that the emulator is given. */
export const encryptionKey = 'airudderredduria';

/** Starts one; it ends when its input is closed, so it never outlives this process. */
export async function startEmulator() {
  const own = ['--port', '0', '--until-stdin-closes', '--encryption-key', encryptionKey];
  const command = ['run', '--quiet', '--package', 'airudder-emulator', '--bin', 'airudder-emulator', '--', ...own];
  const process = spawn('cargo', command, { cwd: workspace, stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(createInterface(process.stdout), 'line');
  return new Emulator(process, line.replace('listening on ', ''));
}

class Emulator {
  #process;

  constructor(process, url) {
    this.#process = process;
    this.url = url;
  }

  /** Posts an event of a kind and gives what it says. */
  async post(event) {
    const { body } = await this.#ask('POST', event);
    return body;
  }

  /** Waits until every event that was posted to this URL is confirmed, and tells how often each was posted. */
  async confirmed() {
    for (;;) {
      const { List } = await this.#ask('GET');
      if (List.every(({ state }) => state === 'delivered')) return List.map(({ attempts }) => attempts.length);
      const failed = List.find(({ attempts }) => attempts.length > 0 && attempts.at(-1).status !== 200);
      if (failed) throw new Error(`${failed.event} was answered ${JSON.stringify(failed.attempts)}`);
      await setTimeout(20);
    }
  }

  stop() {
    this.#process.stdin.end();
  }

  async #ask(method, body) {
    const answer = await fetch(`${this.url}/_emulator/events`, { method, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()).data;
  }
}
