import { Client } from 'airudder';
import { EVENT, KEY } from '../server.mjs';
import { atOnce, events, inTurn, OURS, pages } from '../sums.mjs';

async function connected(settings) {
  const client = new Client(settings);
  await client.tasks.callById({ callId: 'c1' });
  return client;
}

const calling = (client) => () => client.tasks.callById({ callId: 'c1' });

async function page(baseUrl) {
  const client = await connected({ baseUrl });
  return pages(async () => (await client.tasks.detail({ taskId: 't1' })).calls, OURS);
}

async function event(baseUrl) {
  const response = await fetch(baseUrl + EVENT);
  const headers = Object.fromEntries(response.headers);
  const body = Buffer.from(await response.arrayBuffer());
  const client = new Client({ baseUrl, encryptionKey: KEY });
  return events(() => client.events.unwrap(body, headers).data, OURS);
}

export const jobs = {
  call: async (baseUrl) => inTurn(calling(await connected({ baseUrl })), OURS),
  calls: async (baseUrl) => atOnce(calling(await connected({ baseUrl })), OURS),
  sealed: async (baseUrl) => inTurn(calling(await connected({ baseUrl, encryptionKey: KEY })), OURS),
  sealedcalls: async (baseUrl) => atOnce(calling(await connected({ baseUrl, encryptionKey: KEY })), OURS),
  page,
  event,
};
