import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EventKind } from '../lib/events.cjs';
import type { EventRouter } from '../lib/router.cjs';

export interface ReceiverOptions {
  /** The kind of event that is posted here. Without it the last part of the path is the kind, if it is one, or the event's fields tell. */
  kind?: EventKind | null | undefined;
}

/**
 * A handler for Express 4 and 5 that answers AI Rudder's events. Put it before `express.json()`, or let that leave its path alone: an event can be checked
 * only by the bytes that came.
 *
 * @example
 * ```js
 * app.use('/events', receiver(router)); // takes /events/call.finished, too
 * ```
 */
export declare function receiver(
  router: EventRouter,
  options?: ReceiverOptions,
): (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => Promise<void>;
