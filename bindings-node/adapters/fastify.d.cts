import type { FastifyInstance } from 'fastify';
import type { EventKind } from '../lib/events.cjs';
import type { EventRouter } from '../lib/router.cjs';

export interface ReceiverOptions {
  /** What handles the events. */
  router: EventRouter;
  /** The kind of event that is posted here. Without it the last part of the path is the kind, if it is one, or the event's fields tell. */
  kind?: EventKind | null | undefined;
}

/**
 * A plugin for Fastify 5 that answers AI Rudder's events on its prefix and on one part of a path below it. Its own routes get their bodies as they came;
 * other routes go on getting theirs parsed.
 *
 * @example
 * ```js
 * app.register(receiver, { prefix: '/events', router }); // takes /events/call.finished, too
 * ```
 */
export declare function receiver(app: FastifyInstance, options: ReceiverOptions): Promise<void>;
