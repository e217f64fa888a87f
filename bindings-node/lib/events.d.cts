import type { EventTypes } from '../generated/api.cjs';

/** The kinds of events that this version knows. */
export type EventKind = keyof EventTypes;

/** An event of a known kind. */
export type EventOf<Kind extends EventKind> = { [K in Kind]: { kind: K; data: EventTypes[K] } }[Kind];

/** An event of a kind that this version does not know. */
export interface UnknownEvent {
  kind: 'unknown';
  /** The event as it came. */
  data: unknown;
}

/** What AI Rudder posts to a customer's own address. */
export type AiRudderEvent = EventOf<EventKind> | UnknownEvent;

/** The headers of a request: those of `node:http`, of `fetch`, or pairs of names and values. */
export type EventHeaders =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | { entries(): IterableIterator<[string, string]> };

export interface UnwrapOptions<Kind extends EventKind> {
  /** The kind of event that is posted to this address. Events say nothing of it themselves: without it the kind is known by the event's fields. */
  kind?: Kind | null | undefined;
}

/** The events that AI Rudder posts to a customer's own address. */
export interface Events {
  /**
   * Reads an event, and decrypts it when its headers say that it is encrypted.
   *
   * AI Rudder posts an event again, one minute later and up to five times, until it is answered with 200: the same event can come more than once.
   *
   * @param body - The request's body as it came, before any framework parsed it.
   * @param headers - The request's headers.
   * @throws {@link DecryptionError} when it cannot be decrypted or its sign does not match.
   * @throws {@link InvalidResponseError} when the body is no JSON object.
   * @throws {@link InvalidRequestError} when the body was parsed already, or the headers are missing.
   */
  unwrap<Kind extends EventKind>(
    body: string | ArrayBuffer | ArrayBufferView,
    headers: EventHeaders,
    options: { kind: Kind },
  ): EventOf<Kind>;
  unwrap(
    body: string | ArrayBuffer | ArrayBufferView,
    headers: EventHeaders,
    options?: UnwrapOptions<EventKind>,
  ): AiRudderEvent;
}
