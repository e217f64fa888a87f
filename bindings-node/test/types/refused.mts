// What has to be refused: each line below an expectation is an error.

import { Client, type MessageContent, operations, type TasksDetailParams } from 'airudder';

const client = new Client();

// @ts-expect-error: a misspelt setting
new Client({ appkey: 'x' });
// @ts-expect-error: seconds are numbers
new Client({ timeout: '20' });
// @ts-expect-error: no such scheme
new Client({ encryptionScheme: 'rot13' });
// @ts-expect-error: the contacts are missing
client.tasks.create({ taskName: 'a', scheduleStartTime: 'b', scheduleEndTime: 'c', robotId: 'd' });
// @ts-expect-error: a contact has a number
client.tasks.create({ taskName: 'a', scheduleStartTime: 'b', scheduleEndTime: 'c', robotId: 'd', details: [{}] });
// @ts-expect-error: the wire's own spelling
client.tasks.detail({ TaskID: 'a' });
// @ts-expect-error: nothing says where the download goes
client.tasks.recording({ taskId: 'a', callee: '+6281230001111' });
// @ts-expect-error: no such option
client.tasks.robots({ retries: 1 });
// @ts-expect-error: no such operation
client.tasks.delete({ taskId: 'a' });
// @ts-expect-error: a raw request has a path
client.raw({ method: 'GET' });
// @ts-expect-error: a body that was parsed already
client.events.unwrap({ callid: 'a' }, {});
// @ts-expect-error: the headers tell whether it is encrypted
client.events.unwrap(Buffer.from('{}'));
// @ts-expect-error: no such event
client.events.unwrap(Buffer.from('{}'), {}, { kind: 'call.ended' });
// @ts-expect-error: an answer's fields may be absent
export const seconds: number = (await client.tasks.callById({ callId: 'a' })).talkDuration;
// @ts-expect-error: a promise is no answer
export const robots = client.tasks.robots().robots;
// @ts-expect-error: an id is text
export const params: TasksDetailParams = { taskId: 7 };
// @ts-expect-error: what an image does not have
export const image: MessageContent = { contentType: 'image', text: 'a' };
// @ts-expect-error: no such type
export const sticker: MessageContent = { contentType: 'sticker' };
// @ts-expect-error: the text of what may be no text
export const text = (content: MessageContent) => content.text;
// @ts-expect-error: no file
client.chatbot.uploadFile({ channelId: '5001' });
// @ts-expect-error: a file without its content
client.chatbot.uploadFile({ file: { name: 'photo.png' } });
// @ts-expect-error: a list is walked, not awaited
export const tasks: unknown[] = await client.tasks.listAll();
// @ts-expect-error: the chat is not told
client.chatbot.messagesAll();
// @ts-expect-error: no such operation
new Client({ routes: { 'tasks.make': '/x' } });
// @ts-expect-error: a sign is text
new Client({ signer: () => 7 });
// @ts-expect-error: what is known cannot be changed
operations['tasks.create'].source = 'documented';
// @ts-expect-error: this time is in the account's own zone
client.tasks.create({ taskName: 'a', scheduleStartTime: new Date(), scheduleEndTime: 'c', robotId: 'd', details: [] });
// @ts-expect-error: no such event
client.events.router().on('call.ended', () => {});
// @ts-expect-error: what a finished task does not have
client.events.router().on('task.finished', ({ data }) => data.talkDuration);
// @ts-expect-error: no store
client.events.router({ store: { begin: () => 'new' } });
// @ts-expect-error: text is no raw body
client.events.unwrap('{}', {});
