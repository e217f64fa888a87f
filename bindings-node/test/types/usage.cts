// What has to be accepted, as a CommonJS script of a `nodenext` project writes it.

import airudder = require('airudder');

export async function run(): Promise<number> {
  const client = new airudder.Client({ baseUrl: 'http://127.0.0.1:8181' });
  try {
    const { robots } = await client.tasks.robots();
    return robots.length;
  } catch (error) {
    if (error instanceof airudder.NotFoundError) return error.attempts ?? 0;
    throw error;
  }
}
