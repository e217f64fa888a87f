import type { Resources } from '../generated/api.cjs';
import type { Events } from './events.cjs';
import type { CallOptions, ClientOptions, RawAnswer, RawRequest } from './options.cjs';

export interface Client extends Resources {}

/**
 * A client of AI Rudder. Make one and share it: it keeps its connections, and one token that it fetches and renews by itself. It holds nothing
 * that keeps the process alive and need not be closed.
 *
 * @example
 * ```js
 * const client = new Client();
 * const { robots } = await client.tasks.robots();
 * ```
 */
export declare class Client {
  /** @throws {@link ConfigurationError} when an option is missing or wrong. */
  constructor(options?: ClientOptions);

  /** The events that AI Rudder posts to your own address. */
  readonly events: Events;

  /**
   * Calls any path of the API, with the retries and errors of every other call: a path below `/api/` is signed, every other one carries the token and is
   * encrypted when the client has a key.
   *
   * @throws {@link AiRudderError} when it fails, of the class that says why.
   */
  raw(request: RawRequest, options?: CallOptions): Promise<RawAnswer>;
}
