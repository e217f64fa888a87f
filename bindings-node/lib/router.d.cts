import type { AiRudderEvent, EventHeaders, EventKind, EventOf, EventReason, RawBody } from './events.cjs';

export interface RouterOptions {
  /**
   * Where it stands which events were handled: a {@link MemoryStore} of its own by default. Take a {@link SqliteStore} when it has to survive a restart, or
   * when several processes receive events, or make an {@link EventStore} of the database that you have.
   */
  store?: MemoryStore | SqliteStore | EventStore | null | undefined;
  /**
   * Gets a text for each event that was refused or whose claim was lost, and for each handler or store that failed; `console.warn` by default. It holds the stack of what a handler
   * threw, and its message without what the event says of people.
   */
  log?: ((line: string) => void) | null | undefined;
  /** How long the body of a request may take to come, in seconds, where an adapter reads it; 30 by default. One that takes longer is answered with 408. */
  bodyTimeout?: number | null | undefined;
}

/** Handles an event. When it throws, or its promise is rejected, AI Rudder sends the event again. */
export type EventHandler<Event = AiRudderEvent> = (event: Event) => unknown;

export interface HandleOptions {
  /** The kind of event that is posted to this address. */
  kind?: EventKind | null | undefined;
  /** The path of the request: without `kind`, its last part is the kind, if it is one. Without either, the event's fields tell. */
  path?: string | null | undefined;
}

/** What to answer AI Rudder. */
export interface EventReply {
  /** The HTTP status: 200 when the event needs not be sent again. */
  status: number;
  /**
   * What came of the event: `handled`; `duplicate`, for it was handled before; `busy`, for another copy is being handled now (503); `failed`, for the handler
   * or the store failed (500); `refused`, for it cannot be taken (400, 401 or 413); `unhandled`, for there is no handler.
   */
  outcome: 'handled' | 'duplicate' | 'busy' | 'failed' | 'refused' | 'unhandled';
  /** What is wrong with an event that was refused. */
  reason?: EventReason;
}

/**
 * Hands each event to the handler of its kind, once: a copy of an event that was handled is confirmed and goes no further, also when two copies arrive
 * at the same moment. An event whose handler fails is sent again by AI Rudder, and handled again.
 *
 * `airudder/http`, `airudder/express` and `airudder/fastify` connect it to a server.
 */
export interface EventRouter {
  /** The largest body that is worth reading, in bytes. */
  readonly maxEventBytes: number;
  /** How long a body may take to come, in seconds. */
  readonly bodyTimeout: number;

  /**
   * Registers the handler of a kind.
   *
   * @throws {@link ConfigurationError} when there is no such kind, or it has a handler already.
   */
  on<Kind extends EventKind>(kind: Kind, handler: EventHandler<EventOf<Kind>>): this;

  /**
   * Registers what is called when a handler throws, with its error and its event, before AI Rudder is asked to send the event again. It may return a promise,
   * which is awaited.
   *
   * @throws {@link ConfigurationError} when there is one already.
   */
  onError(callback: (error: unknown, event: AiRudderEvent) => unknown): this;

  /** Registers the handler of all kinds that have none of their own, and of events of no known kind. Without it they are confirmed and dropped. */
  otherwise(handler: EventHandler): this;

  /**
   * Opens an event as `events.unwrap` does, has it handled, and says what to answer. It may wait for a `signer` that returns a promise.
   *
   * @param body - The request's body as it came, before any framework parsed it. Anything else is refused, with the reason `not_raw`.
   * @param headers - All of the request's headers.
   * @throws {@link EventError} when no headers are given. What comes over the wire never makes it throw.
   */
  handle(body: RawBody, headers: EventHeaders, options?: HandleOptions): Promise<EventReply>;
}

export interface StoreOptions {
  /** How long an event that was handled is remembered, in seconds; a day by default. AI Rudder's last copy comes a few minutes after the first. */
  keepFor?: number | null | undefined;
}

/** Remembers in memory which events were handled, until the process ends. */
export declare class MemoryStore {
  // Only so is no other object taken for one.
  protected readonly isStore: true;
  constructor(options?: StoreOptions);
}

/** Remembers in a SQLite file which events were handled. Several processes of one machine may share the file. */
export declare class SqliteStore {
  // Only so is no other object taken for one.
  protected readonly isStore: true;
  /**
   * @param path - The file, which is made when it is not there; its folder must exist.
   * @throws {@link FileError} when it cannot be opened.
   */
  constructor(path: string, options?: StoreOptions);
}

/**
 * Remembers which events were handled, in a database of your own. When a method throws, the event is not handled and AI Rudder sends it again; the log gets
 * the class of what was thrown.
 */
export interface EventStore {
  /**
   * Claims an event for `lease` seconds from now. Decide in one step: of two who ask at the same moment, only one may get `new`.
   *
   * @param key - The event's key: 64 hexadecimal digits.
   * @param fence - A text that no other claim has. Keep it with the claim: it proves whose the claim is.
   * @returns `new`: the event is the caller's now; `busy`: another claim on it is live, its lease has not lapsed; `done`: it was handled.
   */
  begin(key: string, fence: string, lease: number): 'new' | 'busy' | 'done' | Promise<'new' | 'busy' | 'done'>;
  /**
   * Extends the claim to `lease` seconds from now.
   *
   * @returns whether the claim still is the one with this fence; if not, change nothing.
   */
  renew(key: string, fence: string, lease: number): boolean | Promise<boolean>;
  /**
   * Records the event as `done`. Keep that for at least ten minutes. Called again when it throws.
   *
   * @returns whether the claim still was the one with this fence; if not, record the event as `done` only if no other claim on it is live.
   */
  finish(key: string, fence: string): boolean | Promise<boolean>;
  /** The event was not handled: it is `new` from now on. Change nothing if the claim is not the one with this fence. */
  release(key: string, fence: string): unknown;
}
