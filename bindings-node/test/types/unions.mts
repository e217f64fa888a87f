// What may be one of several types: told apart when it is read, and checked when it is written.

import type { CallResult, ChatMessage, Client, Contact, Interactive, MessageContent, OtherTag } from 'airudder';

export function shown(content: MessageContent): string | undefined {
  switch (content.contentType) {
    case 'text':
      return content.text;
    case 'image':
    case 'video':
      return content.media?.originUrl;
    case 'interactive':
      return content.interactive && chosen(content.interactive);
    case 'system':
    case 'button':
    case 'audio':
    case 'file':
    case 'template':
      return content.contentType;
    default: {
      // Nothing else is left: an unknown type with all its fields.
      const name: string = content.contentType;
      return `${name}: ${Object.keys(content.extra ?? {})}`;
    }
  }
}

function chosen(interactive: Interactive): string | undefined {
  if (interactive.interactiveType === 'button_reply') return interactive.buttonReply?.title;
  if (interactive.interactiveType === 'list') return interactive.action?.sections?.[0]?.title;
  return undefined;
}

export function told(call: CallResult): string | undefined {
  if ('promiseDate' in call) return call.promiseDate;
  if ('checkResult' in call) return call.checkResult;
  return call.status;
}

export function thread(message: ChatMessage): number {
  return message.reply ? 1 + thread(message.reply) : 0;
}

export async function send(client: Client): Promise<void> {
  const contents: MessageContent[] = [
    { contentType: 'text', text: 'This one?' },
    { contentType: 'image', media: { originUrl: 'https://example.com/photo.png' } },
    { contentType: 'sticker' as OtherTag, extra: { sticker_id: '7' } },
  ];
  const messages = contents.map((content) => ({ content }));
  await client.chatbot.sendMessage({ callId: 'c-1', messages });
  for await (const { content } of client.chatbot.messagesAll({ callId: 'c-1' })) content && shown(content);
  await client.chatbot.uploadFile({ file: 'photo.png' });
  await client.chatbot.uploadFile({ file: { bytes: new Uint8Array(1), name: 'a.png' }, channelId: '5001' });
  await client.chatbot.uploadFile({ file: new Blob([]) });
  const contacts: Contact[] = [
    { mobile: '+6281230000001', debtor: 'Budi', arrears: '150000' },
    { mobile: '+6281230000002', product: 'a red bicycle' },
    { mobile: '+6281230000003', idNumber: '3171234567890001' },
  ];
  await client.workflows.create({
    workflowTemplateId: 7,
    name: 'November',
    endTime: new Date(),
    details: contacts.map(({ mobile }) => ({ callee: mobile })),
  });
}
