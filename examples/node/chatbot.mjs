// A chat: a user writes, the robot answers with a list, an agent takes over and sends a picture and two buttons. Run it against the emulator; to
// AI Rudder itself set AIRUDDER_SIGN_KEY and AIRUDDER_SIGN_SECRET, too:
//
//     AIRUDDER_BASE_URL=http://127.0.0.1:8181 node chatbot.mjs

import { setTimeout } from 'node:timers/promises';
import { Client } from 'airudder';

const callId = 'chat-1';
const pixel = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

const { chatbot } = new Client();

await userSays('menu');
while ((await chatbot.messages({ callId, size: 1 })).messages[0]?.senderType !== 'robot') await setTimeout(100);
await userSays('agent');
while ((await chatbot.sessions({ size: 1 })).sessions[0]?.status !== 'waiting') await setTimeout(100);
await chatbot.transferResult({ callId, result: 'success', seatId: '2041' });

// From the disk it would be `{ file: 'picture.gif' }`.
const picture = await chatbot.uploadFile({ file: { bytes: pixel, name: 'picture.gif' } });
/** @type {import('airudder').MessageContent[]} */
const contents = [
  { contentType: 'text', text: 'This one?' },
  { contentType: 'image', media: { originUrl: picture.originUrl ?? '' } },
  {
    contentType: 'interactive',
    interactive: {
      interactiveType: 'button',
      body: { text: 'Shall we send it?' },
      action: {
        buttons: ['Yes', 'No'].map((title) => ({ buttonType: 'reply', reply: { id: title.toLowerCase(), title } })),
      },
    },
  },
];
await chatbot.sendMessage({ callId, messages: contents.map((content) => ({ content })) });

// Newest first, page by page.
for await (const { senderType, content } of chatbot.messagesAll({ callId, size: 3 })) {
  console.log(`${senderType}: ${shown(content)}`);
}
await chatbot.endSession({ callId });

/** @param {string} text */
async function userSays(text) {
  const user = { id: 'u-1', name: 'Ani' };
  /** @type {import('airudder').OutgoingMessage[]} */
  const messages = [{ content: { contentType: 'text', text } }];
  await chatbot.botUserMessage({ callId, channelId: '5003', user, messages });
}

/** @param {import('airudder').MessageContent | undefined} content */
function shown(content) {
  switch (content?.contentType) {
    case 'text':
      return content.text;
    case 'image':
      return '[a picture]';
    case 'interactive':
      return content.interactive && asked(content.interactive);
    default:
      // There may be types that this version does not know; their fields are in `extra`.
      return `[${content?.contentType ?? 'nothing'}]`;
  }
}

/** @param {import('airudder').Interactive} question */
function asked(question) {
  switch (question.interactiveType) {
    case 'list':
      return `choose ${question.action?.sections?.flatMap(({ rows }) => rows?.map(({ title }) => title)).join(', ')}`;
    case 'button':
      return `${question.body?.text} ${question.action?.buttons?.map(({ reply }) => reply?.title).join(' or ')}`;
    default:
      return '[a question]';
  }
}
