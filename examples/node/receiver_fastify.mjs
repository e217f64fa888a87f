// Receives events with Fastify. Give AI Rudder the URL of your server, for each kind one of its own, such as
// https://example.com/events/call.finished. To see it work:
//
//     AIRUDDER_BASE_URL=http://127.0.0.1:8181 node receiver_fastify.mjs
//     airudder-emulator trigger call.finished --to http://127.0.0.1:8080/events/call.finished

import { Client, SqliteStore } from 'airudder';
import { receiver } from 'airudder/fastify';
import { fastify } from 'fastify';

const client = new Client();
const router = client.events.router({ store: new SqliteStore(process.env.EVENTS_FILE ?? 'events.sqlite') });
router.on('call.finished', ({ data }) => console.log(`call ${data.callId}: ${data.status}`));
router.on('task.finished', ({ data }) => console.log(`task ${data.taskId} has ended`));
router.otherwise(({ kind }) => console.log(`${kind} is for nobody`));

const app = fastify();
app.register(receiver, { prefix: '/events', router });

const url = await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 8080) });
console.log(`listening on ${url}`);
