// What has to be accepted, as a module writes it.

import type { IncomingMessage, RequestListener } from 'node:http';
import {
  AiRudderError,
  type AiRudderEvent,
  type CallResult,
  Client,
  type ClientOptions,
  type CollectionContact,
  type Download,
  EndlessListError,
  type ErrorCode,
  EventError,
  type EventKind,
  type EventRouter,
  type EventStore,
  eventKinds,
  MemoryStore,
  operations,
  RateLimitedError,
  type SignRequest,
  SqliteStore,
  TransportError,
} from 'airudder';
import { receiver as expressReceiver } from 'airudder/express';
import { receiver as fastifyReceiver } from 'airudder/fastify';
import { receiver } from 'airudder/http';
import express from 'express';
import { fastify } from 'fastify';

const options: ClientOptions = {
  appKey: process.env.KEY,
  timeout: 20,
  encryptionScheme: 'aes-cbc',
  routes: { 'tasks.call_by_id': '/service/cloud/callinfo' },
  signKey: '0f8fad5bd9cb469fa165708667284a2c',
  signer: async (request: SignRequest) => `${request.method} ${request.body?.length ?? request.bodySha256}`,
};
export const client: Client = new Client(options);
new Client();

export async function run(signal: AbortSignal): Promise<string> {
  const contact: CollectionContact = { mobile: '+6281230001111', dueDate: undefined, arrears: null };
  const details = [contact, { mobile: '+6281230002222', extra: { branch: 'Menteng', tries: 2 } }];
  const { taskId } = await client.tasks.create(
    {
      taskName: 'Reminders',
      scheduleStartTime: '2026-03-02 09:00:00',
      scheduleEndTime: '2026-03-02 18:00:00',
      robotId: '1024',
      robotMethod: 'a method of next year',
      details,
    },
    {
      timeout: 5,
      maxRetries: 0,
      extraHeaders: { 'X-Trace': '7' },
      extraQuery: { a: 1 },
      extraBody: { b: [2] },
      signal,
    },
  );
  const page = await client.tasks.list();
  const total: number | undefined = page.total;
  await client.tasks.list({ page: 2, pageSize: 50 }, { signal });
  for await (const task of client.tasks.listAll({ pageSize: 50 }, { signal })) explain(task.status);
  await client.tasks.robots({ signal });
  const calls: CallResult[] = (await client.tasks.detail({ taskId })).calls;
  const status = calls[0]?.status;
  if (status === 'answered') return status;
  const file: Download = await client.tasks.recording({ taskId, callee: '+6281230001111', path: 'call.wav' });
  const files: Download[] = await client.tasks.recordings({ taskId, folder: 'calls' });
  const answer = await client.raw({ method: 'GET', path: '/service/cloud/robot', retry: 'read' });
  const data: unknown = answer.data;
  return [file.path, files.length, total, answer.httpStatus, data, (await client.auth.token()).token].join();
}

export function receive(request: IncomingMessage, body: Buffer): number | undefined {
  const event: AiRudderEvent = client.events.unwrap(body, request.headers);
  switch (event.kind) {
    case 'call.finished':
      return event.data.talkDuration;
    case 'task.finished':
      return event.data.answered;
    case 'workflow.call_finished':
      return event.data.workflowId?.length;
    case 'unknown': {
      const data: unknown = event.data;
      return typeof data === 'number' ? data : undefined;
    }
    default:
      return eventKinds[event.kind].pages.length;
  }
}

export async function receiveByFetch(request: Request): Promise<string | undefined> {
  const body = await request.arrayBuffer();
  return client.events.unwrap(body, request.headers, { kind: 'call.finished' }).data.callee;
}

export function explain(error: unknown): string {
  if (error instanceof RateLimitedError) return `wait ${error.retryAfter ?? 1} s`;
  if (error instanceof EndlessListError) return operations[`tasks.list`].source;
  if (error instanceof TransportError && error.mayHaveBeenApplied) return 'look before calling again';
  if (error instanceof AiRudderError) {
    const code: ErrorCode = error.code;
    return [code, error.status?.toFixed(), error.operation, error.apiCode, error.requestId].join();
  }
  throw new RateLimitedError('made by hand', { retryAfter: 2 });
}

export function route(other: EventStore): RequestListener {
  const router: EventRouter = client.events.router({ store: new SqliteStore('events.sqlite', { keepFor: 3600 }) });
  router
    .on('call.finished', async ({ data, key }) => [data.talkDuration?.toFixed(), key.length])
    .on('task.finished', (event) => event.data.answered)
    .otherwise((event) => (event.kind === 'unknown' ? event.data : event.data.extra));
  client.events.router({ store: other, log: console.error }).on('call.finished', () => {});
  client.events.router({ store: new MemoryStore() });
  express()
    .use('/events', expressReceiver(router))
    .post('/calls', expressReceiver(router, { kind: 'call.finished' }));
  fastify().register(fastifyReceiver, { prefix: '/events', router, kind: 'call.finished' });
  return receiver(router);
}

export async function deliver(router: EventRouter, kind: EventKind): Promise<number> {
  const { body, headers } = client.events.encrypt(client.events.sample(kind));
  const { status, outcome, reason } = await router.handle(body, { ...headers, ...client.events.sign(body) }, { kind });
  if (outcome === 'refused' && reason === 'not_raw') throw new EventError('made by hand', { reason });
  return status;
}
