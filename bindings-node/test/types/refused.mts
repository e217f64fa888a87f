// What has to be refused: each line below an expectation is an error.

import { Client, type TasksDetailParams } from 'airudder';

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
client.events.unwrap('{}');
// @ts-expect-error: no such event
client.events.unwrap('{}', {}, { kind: 'call.ended' });
// @ts-expect-error: an answer's fields may be absent
export const seconds: number = (await client.tasks.callById({ callId: 'a' })).talkDuration;
// @ts-expect-error: a promise is no answer
export const robots = client.tasks.robots().robots;
// @ts-expect-error: an id is text
export const params: TasksDetailParams = { taskId: 7 };
