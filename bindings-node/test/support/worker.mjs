// Calls from a thread of its own and tells how it ended.

import { parentPort, workerData } from 'node:worker_threads';
import { AiRudderError, Client } from 'airudder';

const client = new Client({ baseUrl: workerData.baseUrl });
const { robots } = await client.tasks.robots();
const error = await client.tasks.detail({ taskId: 'missing' }).catch((error) => error);
parentPort.postMessage({ robots, isOurs: error instanceof AiRudderError, code: error.code });
if (workerData.hang) {
  parentPort.postMessage('hangs');
  await client.tasks.detail({ taskId: 'hang' });
}
