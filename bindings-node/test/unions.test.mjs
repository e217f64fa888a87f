// What may be one of several types comes and goes as a plain object that says which one it is.

import { deepEqual, equal, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from 'airudder';
import { bodyOf, reply, serve } from './support/server.mjs';

let answer = {};
const bodies = [];
const baseUrl = await serve(async (request, response) => {
  bodies.push(JSON.parse(await bodyOf(request)));
  reply(response, answer);
});
const { chatbot } = new Client({ baseUrl });

async function read(content) {
  answer = { messages: [{ msg_id: 'm-1', content }] };
  const { messages } = await chatbot.messages({ callId: 'c-1' });
  return messages[0].content;
}

async function sent(content) {
  answer = {};
  await chatbot.sendMessage({ callId: 'c-1', messages: [{ content }] });
  return bodies.at(-1).messages[0].content;
}

const buttons = {
  wire: {
    type: 'interactive',
    interactive: {
      type: 'button',
      body: { text: 'Send it?' },
      action: { buttons: [{ type: 'reply', reply: { id: 'yes', title: 'Yes' } }] },
    },
  },
  value: {
    contentType: 'interactive',
    interactive: {
      interactiveType: 'button',
      body: { text: 'Send it?' },
      action: { buttons: [{ buttonType: 'reply', reply: { id: 'yes', title: 'Yes' } }] },
    },
  },
};

test('what is sent says what it is, one inside another', async () => {
  deepEqual(await sent({ contentType: 'text', text: 'Hello' }), { type: 'text', text: 'Hello' });
  deepEqual(await sent(buttons.value), buttons.wire);
});

test('what comes says what it is, one inside another', async () => {
  deepEqual(await read({ type: 'text', text: 'Hello' }), { contentType: 'text', text: 'Hello' });
  const { contentType, interactive } = await read(buttons.wire);
  deepEqual([contentType, interactive.interactiveType], ['interactive', 'button']);
  deepEqual(interactive.action.buttons, buttons.value.interactive.action.buttons);
});

test('a type that is not known comes and goes with all its fields', async () => {
  const wire = { type: 'sticker', sticker_id: 9007199254740993n.toString(), frames: [1, { at: 2 }] };
  const value = { contentType: 'sticker', extra: { sticker_id: '9007199254740993', frames: [1, { at: 2 }] } };
  deepEqual(await read(wire), value);
  deepEqual(await sent(value), wire);
});

test('a message holds the message that it answers, and so on', async () => {
  const message = (depth) => ({ msg_id: `m-${depth}`, ...(depth > 0 && { reply: message(depth - 1) }) });
  answer = { messages: [message(20)] };
  let [{ reply: inner, ...outer }] = (await chatbot.messages({ callId: 'c-1' })).messages;
  equal(outer.msgId, 'm-20');
  for (let depth = 19; depth >= 0; depth -= 1) {
    equal(inner.msgId, `m-${depth}`);
    inner = inner.reply;
  }
  equal(inner, undefined);
});

test('what does not say what it is, or has what another type has, is refused by its place', async () => {
  const refused = [
    [{ text: 'Hello' }, /`messages\[0\]\.content` must have `contentType`/],
    [{ contentType: 'image', text: 'Hello' }, /`messages\[0\]\.content\.text` goes with .*`text`/],
    ['Hello', /`messages\[0\]\.content`/],
  ];
  const before = bodies.length;
  for (const [content, message] of refused) await rejects(sent(content), { code: 'invalid_request', message });
  equal(bodies.length, before);
});
