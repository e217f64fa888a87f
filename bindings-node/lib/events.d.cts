import type { EventTypes } from '../generated/api.cjs';
import type { EventRouter, RouterOptions } from './router.cjs';

/** The kinds of events that this version knows. */
export type EventKind = keyof EventTypes;

/** An event of a known kind. */
export type EventOf<Kind extends EventKind> = {
  [K in Kind]: {
    kind: K;
    data: EventTypes[K];
    /** What is the same for every copy of this event and for no other event: 64 hexadecimal digits, which show nothing of what it says. */
    key: string;
    authenticated: Authenticated;
  };
}[Kind];

/**
 * What proves that an event is AI Rudder's: its `signature`, that it was encrypted with the client's key (`encryption`; weak with `aes-ecb`, where blocks of
 * known events can be put together anew), or `nothing`: then anybody who knows the URL may have posted it.
 *
 * A proof covers the body, and nothing else of the request: whoever has seen a proven event can post it again, and to another URL. An event that names
 * its kind is refused under another kind, and a duplicate is handled once.
 */
export type Authenticated = 'nothing' | 'encryption' | 'signature';

/** An event of a kind that this version does not know. */
export interface UnknownEvent {
  kind: 'unknown';
  /** The event as it came. */
  data: unknown;
  /** What is the same for every copy of this event and for no other event. */
  key: string;
  authenticated: Authenticated;
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

/** The body of a request as it came, before any framework parsed it. */
export type RawBody = ArrayBuffer | ArrayBufferView;

/** What is wrong with an event: the `reason` of an {@link EventError}. */
export type EventReason =
  /** The body was given as text, or as what a framework made of it. */
  | 'not_raw'
  /** The body is larger than `maxEventBytes`. */
  | 'too_large'
  /** The body has a `Content-Encoding` that is not known, or is damaged. */
  | 'coding'
  /** A header that counts came twice with different values, or holds control characters. */
  | 'bad_header'
  /** `Signed` or `X-AIRudder-Sign` is not there and has to be (`requireSignature`), or no headers were given at all. */
  | 'missing_header'
  /** The event is encrypted or signed and the client has nothing to open or check it with. */
  | 'no_key'
  /** `X-AIRudder-Sign` does not match. */
  | 'sign'
  /** The body cannot be decrypted, or `Signed` does not match. */
  | 'decryption'
  /** The body is no JSON object in UTF-8, or is nested too deeply. */
  | 'not_json'
  /** The body is in clear, and `requireEncryption` is on. */
  | 'not_encrypted'
  /** The body names another kind than the one that was given. */
  | 'wrong_kind'
  /** The kind that was given is none. */
  | 'unknown_kind'
  /** The event is older than `maxEventAge`. */
  | 'too_old';

/** The events that AI Rudder posts to a customer's own address. */
export interface Events {
  /**
   * Opens an event: checks `X-AIRudder-Sign`, decrypts the body when its headers say that it is encrypted, checks `Signed`, and reads it.
   *
   * Who posts to a public address may be anybody. The sign is checked where there is one, and has to be there for the kinds that AI Rudder documents it
   * for. Give the kind, for who forges an event chooses the fields that a kind that is not given is told by.
   *
   * AI Rudder posts an event again, one minute later and up to five times, until it is answered with 200: the same event can come more than once. Its `key`
   * tells.
   *
   * @param body - The request's body as it came, before any framework parsed it.
   * @param headers - All of the request's headers.
   * @throws {@link EventError} when it cannot be taken, whatever came; its `reason` says why, one of {@link EventReason}.
   */
  unwrap<Kind extends EventKind>(body: RawBody, headers: EventHeaders, options: { kind: Kind }): EventOf<Kind>;
  unwrap(body: RawBody, headers: EventHeaders, options?: UnwrapOptions<EventKind>): AiRudderEvent;

  /**
   * What hands each event to the handler of its kind, once.
   *
   * @throws {@link ConfigurationError} when an option is wrong.
   */
  router(options?: RouterOptions): EventRouter;

  /** A body as AI Rudder might post it for events of this kind, for tests of your receiver. The same every time; its people do not exist. */
  sample(kind: EventKind): Buffer;

  /**
   * The headers of a body that is signed with the client's own `signSecret` or `signer`, for tests of your receiver. Sign what is sent: encrypt first.
   *
   * @throws {@link EventError} with the reason `no_key` when the client has nothing to sign with.
   */
  sign(body: RawBody): Record<string, string>;

  /**
   * The body encrypted with the client's own key, and the headers that say so, for tests of your receiver.
   *
   * @throws {@link EventError} with the reason `no_key` when the client has no `encryptionKey`.
   */
  encrypt(body: RawBody): { body: Buffer; headers: Record<string, string> };
}
