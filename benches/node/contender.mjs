// Runs one library: `contender.mjs NAME BASE_URL` reads lines of a job and a count and answers each with a line of JSON.

import { createInterface } from 'node:readline';

const [name, baseUrl] = process.argv.slice(2);
const { jobs } = await import(`./contenders/${name}.mjs`);

/** What each job runs, made when it is first asked for: signing in and connecting is no part of what is measured. */
const ready = new Map();

for await (const line of createInterface({ input: process.stdin })) {
  const [job, count] = line.split(' ');
  if (!Object.hasOwn(jobs, job)) throw new Error(`${name} has no job ${job}`);
  if (!ready.has(job)) ready.set(job, await jobs[job](baseUrl));
  const run = ready.get(job);
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  const check = await run(Number(count));
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const { user, system } = process.cpuUsage(cpu);
  process.stdout.write(`${JSON.stringify({ seconds, cpu: (user + system) / 1e6, check })}\n`);
}
process.exit();
