// The programs of the package's README on what each family is for, as they stand there.

import { deepEqual, equal } from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { bytesOf, reply, serve } from './support/server.mjs';

/** What the server was asked, and what it answers, by path. */
const asked = [];
const answers = {
  '/service/cloud/task': { TaskID: 't-1' },
  '/service/cloud/detail': {
    calls: [
      { status: 'answered', debtor: 'Budi', promisedate: '2026-11-30' },
      { status: 'answered', label: 'interested' },
      { status: 'busy', checkresult: 'unreached' },
      { status: 'failed' },
    ],
  },
  '/service/cloud/workflow/createinstance': { workflow_id: 'w-1' },
  '/api/v1/session/messages': {
    messages: [
      { sender_type: 'user', content: { type: 'text', text: 'Which one?' } },
      { sender_type: 'user', content: { type: 'sticker', sticker_id: '7' } },
    ],
  },
  '/api/v1/file/upload': { file_id: 'f-1', origin_url: 'https://example.com/photo.png' },
};
process.env.AIRUDDER_BASE_URL = await serve(async (request, response) => {
  const [path] = request.url.split('?');
  asked.push({ path, headers: request.headers, body: await bytesOf(request) });
  reply(response, answers[path] ?? {});
});
const folder = await mkdtemp(join(tmpdir(), 'airudder-'));
await writeFile(join(folder, 'photo.png'), 'a photo');
process.chdir(folder);
after(() => rm(folder, { recursive: true }));

/** What a program prints. */
async function printed(mock, program) {
  const log = mock.method(console, 'log', () => {});
  await program();
  return log.mock.calls.map((call) => call.arguments.join(' '));
}

import { createHash } from 'node:crypto';
import { Client, operations } from 'airudder';

test('what is known of an operation, and another path for it', async ({ mock }) => {
  const program = async () => {
    const { source, method, path } = operations['plans.create'];
    console.log(source, method, path);

    const client = new Client({ routes: { 'plans.create': '/service/cloud/callplan' } });
    await client.plans.stopTask({ taskId: 't-1' });
  };
  deepEqual(await printed(mock, program), ['assumed POST /service/cloud/plan']);
});

test('contacts and results of each business line', async ({ mock }) => {
  const client = new Client();
  const program = async () => {
    const { taskId } = await client.tasks.create({
      taskName: 'Reminders',
      scheduleStartTime: '2026-11-23 09:00:00',
      scheduleEndTime: '2026-11-23 18:00:00',
      robotId: '1001',
      details: [
        // Collection
        { mobile: '+6281230000001', debtor: 'Budi', arrears: '150000', dueDate: '2026-11-30' },
        // Telemarketing and E-commerce
        { mobile: '+6281230000002', name: 'Sari', product: 'a red bicycle', extra: { colour: 'red' } },
        // Info Check
        { mobile: '+6281230000003', name: 'Wayan', idNumber: '3171234567890001' },
      ],
    });

    const { calls } = await client.tasks.detail({ taskId });
    for (const call of calls) {
      if ('debtor' in call) console.log(call.status, 'promised to pay on', call.promiseDate);
      else if ('label' in call) console.log(call.status, 'is', call.label);
      else if ('checkResult' in call) console.log(call.status, 'the check', call.checkResult);
      else console.log(call.status);
    }
  };
  deepEqual(await printed(mock, program), [
    'answered promised to pay on 2026-11-30',
    'answered is interested',
    'busy the check unreached',
    'failed',
  ]);
  const { Details } = JSON.parse(asked.find(({ path }) => path === '/service/cloud/task').body);
  deepEqual(
    Details.map((contact) => Object.keys(contact).at(-1)),
    ['Arrears', 'colour', 'IDNumber'],
  );
});

test('a workflow ends at a time with a zone', async () => {
  const client = new Client();
  const { workflowId } = await client.workflows.create({
    workflowTemplateId: 2001,
    name: 'November',
    endTime: new Date('2026-11-30T18:00:00+07:00'), // or '2026-11-30 18:00:00+07:00'
    details: [{ callee: '+6281230000001', caseId: 'case-1', variables: { name: 'Budi' } }],
  });
  equal(workflowId, 'w-1');
  equal(JSON.parse(asked.at(-1).body).end_time, '2026-11-30 11:00:00+00:00');
});

test('a signer of your own', async () => {
  const client = new Client({
    signKey: '0f8fad5bd9cb469fa165708667284a2c',
    signer: ({ path, signKey }) => createHash('sha256').update(`${path}${signKey}`).digest('hex'),
  });
  await client.chatbot.company();
  const { path, headers } = asked.at(-1);
  const expected = createHash('sha256').update(`${path}0f8fad5bd9cb469fa165708667284a2c`).digest('hex');
  equal(headers['x-airudder-sign'], expected);
});

test('messages are read, and a photo is sent', async ({ mock }) => {
  const client = new Client();
  const program = async () => {
    for await (const { senderType, content } of client.chatbot.messagesAll({ callId: 'c1' })) {
      if (content?.contentType === 'text') console.log(senderType, 'wrote', content.text);
      else console.log(senderType, 'sent a', content?.contentType, 'with', content?.extra);
    }

    const photo = await client.chatbot.uploadFile({ file: 'photo.png' });
    await client.chatbot.sendMessage({
      callId: 'c1',
      messages: [
        { content: { contentType: 'text', text: 'This one?' } },
        { content: { contentType: 'image', media: { originUrl: photo.originUrl } } },
      ],
    });
  };
  const lines = await printed(mock, program);
  deepEqual(lines, ['user wrote Which one?', 'user sent a sticker with [object Object]']);
  const { messages } = JSON.parse(asked.at(-1).body);
  deepEqual(
    messages.map(({ content }) => content),
    [
      { type: 'text', text: 'This one?' },
      { type: 'image', media: { origin_url: 'https://example.com/photo.png' } },
    ],
  );
});

test('inbound calls tell of themselves by two events', async ({ mock }) => {
  const client = new Client();
  const receive = (text, headers) => () => {
    const body = Buffer.from(text);
    const event = client.events.unwrap(body, headers);
    if (event.kind === 'inbound.transferred') console.log('an agent took over the call', event.data.callId);
    if (event.kind === 'inbound.call_ended') console.log('the call', event.data.callId, 'has ended');
  };
  deepEqual(await printed(mock, receive('{"callid":"c-1","transfertime":"2026-11-23 09:00:00"}', {})), [
    'an agent took over the call c-1',
  ]);
  mock.reset();
  deepEqual(await printed(mock, receive('{"callid":"c-1","starttime":"2026-11-23 09:00:00"}', {})), [
    'the call c-1 has ended',
  ]);
});

test('a client with a key encrypts', async () => {
  const client = new Client({ encryptionKey: 'airudderredduria' });
  await client.tasks.stop({ taskId: 't-1' }).catch(() => {});
  equal(asked.at(-1).headers['is-encrypted'], '1');
});
