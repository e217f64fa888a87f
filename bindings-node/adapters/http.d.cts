import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EventKind } from '../lib/events.cjs';
import type { EventRouter } from '../lib/router.cjs';

export interface ReceiverOptions {
  /** The kind of event that is posted here. Without it the last part of the path is the kind, if it is one, or the event's fields tell. */
  kind?: EventKind | null | undefined;
}

/**
 * A listener for `node:http` and `node:https` that answers AI Rudder's events: every POST, on any path. It reads not much more of a body than
 * `maxEventBytes`.
 *
 * @example
 * ```js
 * createServer(receiver(router)).listen(8080);
 * ```
 */
export declare function receiver(
  router: EventRouter,
  options?: ReceiverOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
