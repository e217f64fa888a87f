// The program that plays the cases which all languages share.

import './environment.mjs';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const workspace = fileURLToPath(new URL('../../../', import.meta.url));

/** Starts it; it ends when its input is closed, so it never outlives this process. */
export async function startCaseServer() {
  const command = ['run', '--quiet', '--package', 'airudder-tests', '--bin', 'case-server'];
  const server = spawn('cargo', command, { cwd: workspace, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((_, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`the case server ended with ${code} before it listened`)));
  });
  ended.catch(() => {});
  const [line] = await Promise.race([once(createInterface(server.stdout), 'line'), ended]);
  return new CaseServer(server, line.replace('listening on ', ''));
}

function once(emitter, event) {
  return new Promise((resolve) => emitter.once(event, (...values) => resolve(values)));
}

class CaseServer {
  #process;
  #address;

  constructor(process, address) {
    this.#process = process;
    this.#address = address;
  }

  list() {
    return this.#ask('GET', '/_cases?suite=node');
  }

  start({ file, name }) {
    return this.#ask('POST', `/_cases/${file}/${name}/start?suite=node`);
  }

  walks() {
    return this.#ask('GET', '/_walks');
  }

  walk({ file }) {
    return this.#ask('POST', `/_walks/${file}/start?suite=node`);
  }

  next(id, outcome) {
    return this.#ask('POST', `/_walks/${id}/next`, { outcome });
  }

  missing() {
    return this.#ask('GET', '/_walks/missing?suite=node');
  }

  finish(id, outcomes) {
    return this.#ask('POST', `/_cases/${id}/finish`, { outcomes });
  }

  stop() {
    this.#process.stdin.end();
  }

  async #ask(method, path, body) {
    const answer = await fetch(this.#address + path, { method, body: body && JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${text}`);
    return JSON.parse(text);
  }
}
