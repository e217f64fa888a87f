import type { OperationId } from '../generated/api.cjs';

/**
 * What a client is made from. What is absent comes from the environment variable named with it, if there is one, and else has the default.
 * Empty environment variables count as unset.
 */
export interface ClientOptions {
  /** The app key that AI Rudder gave you. Spaces and newlines at the end of keys and secrets are ignored. `AIRUDDER_APP_KEY`. */
  appKey?: string | null | undefined;
  /** The app secret that AI Rudder gave you. `AIRUDDER_APP_SECRET`. */
  appSecret?: string | null | undefined;
  /**
   * Where the API is; `https://api.airudder.com` by default. `AIRUDDER_BASE_URL`. On a loopback address, where the emulator lives, key and secret
   * may both be left out.
   */
  baseUrl?: string | null | undefined;
  /**
   * Whether `baseUrl` may begin with `http://` although it is not on this machine; `false` by default, because keys, tokens and people's numbers would
   * travel in clear. `AIRUDDER_ALLOW_HTTP`, which is `1` or `true`.
   */
  allowHttp?: boolean | null | undefined;
  /**
   * The key to encrypt payloads with, as agreed with AI Rudder: text, or `hex:` and hexadecimal digits. Without it nothing is encrypted.
   * `AIRUDDER_ENCRYPTION_KEY`.
   */
  encryptionKey?: string | null | undefined;
  /**
   * Keys that messages of AI Rudder may still, or already, be encrypted with, the newest first; tried in this order after `encryptionKey`. To replace a
   * key, give the new one here, tell AI Rudder, then make it `encryptionKey` and keep the old one here until no redelivery can use it.
   * `AIRUDDER_ENCRYPTION_KEY_FALLBACKS`, separated by commas.
   */
  encryptionKeyFallbacks?: readonly string[] | null | undefined;
  /** `aes-ecb` (a key of 16 bytes) or `aes-cbc` (16, 24 or 32 bytes); `aes-ecb` by default. `AIRUDDER_ENCRYPTION_SCHEME`. */
  encryptionScheme?: 'aes-ecb' | 'aes-cbc' | null | undefined;
  /**
   * The fixed initialization vector of `aes-cbc`: 16 bytes, written like the key. Without it each message begins with its own.
   * `AIRUDDER_ENCRYPTION_IV`.
   */
  encryptionIv?: string | null | undefined;
  /** The key that signed calls name, 32 hexadecimal digits: all calls of the Chatbot API are signed, and only they need it. `AIRUDDER_SIGN_KEY`. */
  signKey?: string | null | undefined;
  /**
   * The secret that they are signed with: HMAC-SHA256 over the body, in lower-case hexadecimal digits. AI Rudder's real way to sign is not known,
   * this one is assumed. `AIRUDDER_SIGN_SECRET`.
   */
  signSecret?: string | null | undefined;
  /**
   * Secrets that events may still, or already, be signed with, the newest first; tried in this order after `signSecret`, which alone signs calls.
   * `AIRUDDER_SIGN_SECRET_FALLBACKS`, separated by commas.
   */
  signSecretFallbacks?: readonly string[] | null | undefined;
  /**
   * Signs in place of `signSecret`: gives the text for the header `X-AIRudder-Sign`. It is called on this thread, once for each time that a request is
   * sent, and may take its time, within the call's timeout. When it throws, or gives no text, the call ends with a `ConfigurationError` that names
   * the class of what was thrown, and nothing is sent.
   *
   * It also says what the sign of an event has to be: then `path` is empty, for the path is your own. `events.unwrap` cannot wait for a promise; a router
   * can.
   */
  signer?: ((request: SignRequest) => string | Promise<string>) | null | undefined;
  /**
   * How long a whole call may take, with all its retries, in seconds; 150 by default. For a download it is the time until the answer begins, unless
   * the call itself is given a timeout.
   */
  timeout?: number | null | undefined;
  /** How long a connection may take to come about, in seconds; 10 by default. */
  connectTimeout?: number | null | undefined;
  /** How long the server may be silent, in seconds; 120 by default. */
  readTimeout?: number | null | undefined;
  /** How often a call that may be repeated is repeated; 3 by default. */
  maxRetries?: number | null | undefined;
  /** A proxy for all connections: `http://`, `https://` or `socks5://`. `AIRUDDER_PROXY`, else the system's own setting. */
  proxy?: string | null | undefined;
  /**
   * A certificate authority to trust beside the public ones: PEM text, or the path of a PEM file. `AIRUDDER_CA_CERTIFICATE`. `SSL_CERT_FILE` and
   * `SSL_CERT_DIR` are trusted, too.
   */
  caCertificate?: string | null | undefined;
  /** Paths to use in place of the known ones, by operation id: `{ 'tasks.call_by_id': '/service/cloud/callinfo' }`. */
  routes?: Partial<Record<OperationId, string>> | null | undefined;
  /** The largest answer to take, in bytes; 64 MiB by default. Downloads to files have no limit. */
  maxResponseBytes?: number | null | undefined;
  /** The largest event to take, in bytes as it comes over the wire; 1 MiB by default. */
  maxEventBytes?: number | null | undefined;
  /**
   * How old an event may be that says when it was made, in seconds; without it, of any age. An event that AI Rudder sends again is the same one with
   * the same time, up to 5 minutes later. Only some kinds say a time: most of the Chatbot API.
   */
  maxEventAge?: number | null | undefined;
  /**
   * Whether the sign of events is checked; `true` by default. How AI Rudder computes it is assumed: over the body as it comes, as for requests. With
   * `false`, an event is taken as authentic whoever sent it: keep the URL secret then.
   */
  verifyEvents?: boolean | null | undefined;
  /**
   * Whether an event without a signature is refused; by default, if `signSecret` or `signer` is set and `verifyEvents` is not `false`. AI Rudder
   * documents the signature for a few kinds only: with `false`, events without one are taken; keep the URL secret then.
   */
  requireSignature?: boolean | null | undefined;
  /**
   * Whether an event that is not encrypted is refused; by default, if `encryptionKey` is set. That AI Rudder encrypts events is assumed: with `false`,
   * events in clear are taken; keep the URL secret then.
   */
  requireEncryption?: boolean | null | undefined;
}

/** A request that wants to be signed. */
export interface SignRequest {
  /** The HTTP method, such as `POST`. */
  method: string;
  /** The path, with the query after a `?` when there is one. */
  path: string;
  /** The client's `signKey`. */
  signKey: string;
  /** The bytes of the body, empty when there is none; null when a file is sent from the disk, for it is never held as a whole. */
  body: Uint8Array | null;
  /** The SHA-256 of the whole body in lower-case hexadecimal digits when `body` is null. */
  bodySha256: string | null;
}

/** What holds for one call alone. */
export interface CallOptions {
  /** How long the whole call may take, with all its retries, in seconds. */
  timeout?: number | null | undefined;
  /** How often the call is repeated, if it may be repeated at all. */
  maxRetries?: number | null | undefined;
  /** Query parameters to send beside the known ones. */
  extraQuery?: Record<string, unknown> | null | undefined;
  /** Fields to send in the body beside the known ones. */
  extraBody?: Record<string, unknown> | null | undefined;
  /** Headers to send beside the client's own. */
  extraHeaders?: Record<string, string> | null | undefined;
  /**
   * Rejects the call with the signal's reason as soon as it is aborted, and takes the request off the wire. A task that was about to be created
   * may have been created all the same: if the call changes anything and the reason is an `Error`, the reason's `mayHaveBeenApplied` is true then.
   */
  signal?: AbortSignal | null | undefined;
}

/**
 * The items of a list, for `for await`. A page is fetched when its first item is asked for, and none after the loop has ended. After a passing failure, an
 * error whose `retryable` is true, another loop goes on where this one ended. A list without a total costs one more request, since only an empty page
 * ends it.
 */
export interface Pages<Item> extends AsyncIterableIterator<Item> {
  next(): Promise<IteratorResult<Item, undefined>>;
  /** Ends the list: no page is fetched any more. */
  return(): Promise<IteratorReturnResult<undefined>>;
  [Symbol.asyncIterator](): Pages<Item>;
}

/** Where a download goes. */
export interface FileTarget {
  /** The file to write. It appears when it is complete, in place of one that was there; its folder must exist. */
  path: string;
}

/** Where several downloads go. */
export interface FolderTarget {
  /** The folder to write to. The files' names begin with the id of the task, plan or workflow. */
  folder: string;
}

/** What one download sets for itself. */
export interface DownloadOptions extends CallOptions {
  /**
   * Called with how far the download is: for each file when it begins, about ten times a second, and when it is complete. If it throws, the download
   * ends, and rejects with what was thrown.
   */
  onProgress?: ((progress: DownloadProgress) => void) | null | undefined;
}

/** How far a download is. */
export interface DownloadProgress {
  /** Where the file will be. */
  path: string;
  /** How many bytes of it are there, with those of a download that it resumes. Fewer than before if it begins anew. */
  bytes: number;
  /** How many bytes it will have, if the server said so. */
  totalBytes?: number;
  /** Which file of the call it is, from 1. */
  file: number;
  /** How many files the call has. */
  files: number;
}

/** A file that was downloaded. */
export interface Download {
  /** Where it is. */
  path: string;
  /** Its size in bytes. */
  bytes: number;
  /** What the server said it is, such as `audio/wav`. */
  contentType?: string;
}

/**
 * A file to send: its path or `file:` URL, its bytes, or a `Blob` or `File`. A file on the disk is read piece by piece while it is sent, and never held as
 * a whole; it must not change meanwhile. Bytes are copied when the call is made.
 */
export type Upload = string | URL | ArrayBuffer | ArrayBufferView | Blob | NamedUpload;

/** A file to send, with its name or what is in it. */
export type NamedUpload = (
  | { path: string; bytes?: undefined }
  | { bytes: ArrayBuffer | ArrayBufferView | Blob; path?: undefined }
) & {
  /** What it is called at AI Rudder's side; by default the last part of its path, a `File`'s own name, or `file`. */
  name?: string | undefined;
  /** What is in it, such as `image/png`; by default what its name's ending says, or a `Blob`'s own type. */
  mediaType?: string | undefined;
};

// An enumeration has no text in common with the known names, which are texts: only so can TypeScript tell the types apart by them.
declare enum Other {
  Tag = '',
}

/**
 * The name of a type that this version does not know: any text. To compare it, take it as a `string`; to send one, say so: `'sticker' as OtherTag`.
 */
export type OtherTag = Other;

/**
 * A request to any path, with the client's retries and errors. A path below `/api/` belongs to the Chatbot API: it is signed. Every other one carries
 * the client's token and is encrypted when the client has a key.
 */
export interface RawRequest {
  method: 'GET' | 'POST' | (string & {});
  /** The path, such as `/service/cloud/task`. */
  path: string;
  /** The query parameters, by the names that AI Rudder uses. */
  query?: Record<string, unknown> | null | undefined;
  /** The JSON body, by the names that AI Rudder uses. */
  body?: unknown;
  /**
   * What happens when the request is carried out twice: nothing (`read`, the default for GET), nothing more than once (`repeatable`), or harm (`once`,
   * the default for all other methods). Only the first two are repeated after a failure that may have come too late.
   */
  retry?: 'read' | 'repeatable' | 'once' | null | undefined;
}

/** An answer as it came. */
export interface RawAnswer {
  /** The HTTP status. */
  httpStatus: number;
  /** The envelope's `code`; 200 is success. */
  code?: number;
  /** The envelope's `status`, `OK` for success. */
  status?: string;
  /** The envelope's `message`. */
  message?: string;
  /** The answer proper, by the names that AI Rudder uses. Whole numbers beyond 2^53 are texts. */
  data: unknown;
}
