// Receives events with Express. Give AI Rudder the URL of your server, for each kind one of its own, such as
// https://example.com/events/call.finished. To see it work:
//
//     AIRUDDER_BASE_URL=http://127.0.0.1:8181 node receiver_express.mjs
//     airudder-emulator trigger call.finished --to http://127.0.0.1:8080/events/call.finished

import { Client, SqliteStore } from 'airudder';
import { receiver } from 'airudder/express';
import express from 'express';

const client = new Client();
const router = client.events.router({ store: new SqliteStore(process.env.EVENTS_FILE ?? 'events.sqlite') });
router.on('call.finished', ({ data }) => console.log(`call ${data.callId}: ${data.status}`));
router.on('task.finished', ({ data }) => console.log(`task ${data.taskId} has ended`));
router.otherwise(({ kind }) => console.log(`${kind} is for nobody`));

const app = express();
// Before what parses bodies: an event can be checked only by the bytes that came.
app.use('/events', receiver(router));
app.use(express.json());

const server = app.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') console.log(`listening on http://127.0.0.1:${address?.port}`);
});
