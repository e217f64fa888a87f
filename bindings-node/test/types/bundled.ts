// What has to be accepted in a project whose modules are CommonJS and whose bundler finds the packages.

import { AiRudderError, type Client, type Robot } from 'airudder';

export async function run(client: Client): Promise<Robot[]> {
  try {
    return (await client.tasks.robots({ timeout: 5 })).robots;
  } catch (error) {
    if (error instanceof AiRudderError && error.retryable) return run(client);
    throw error;
  }
}
