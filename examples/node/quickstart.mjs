import { setTimeout } from 'node:timers/promises';
import { Client } from 'airudder';

const client = new Client();
const time = (hours = 0) => new Date(Date.now() + hours * 3_600_000).toLocaleString('sv'); // 2026-11-23 09:00:00
const schedule = { scheduleStartTime: time(0), scheduleEndTime: time(8) };
const details = [{ mobile: '+6281230000001', debtor: 'Budi', arrears: '150000', unit: 'IDR' }];
const { taskId } = await client.tasks.create({ taskName: 'Reminders', robotId: '1001', ...schedule, details });
let task = await client.tasks.detail({ taskId });
while (task.status !== 'finished') {
  await setTimeout(500);
  task = await client.tasks.detail({ taskId });
}
for (const call of task.calls) console.log(call.callee, call.status, call.talkDuration, 's');
