import type { OperationId } from '../generated/api.cjs';
import type { EventKind } from './events.cjs';

/**
 * How sure a fact about AI Rudder's API is: read on AI Rudder's own page (`documented`), seen in public client code that others wrote (`reported`), or
 * neither (`assumed`).
 */
export type Source = 'documented' | 'reported' | 'assumed';

/** What is known of an operation. */
export interface Operation {
  /** Its id, such as `tasks.cancel_call`: the key for the option `routes`. */
  readonly id: OperationId;
  /** The part of the client that has it, such as `flexRoute`. */
  readonly family: string;
  /** The name of its method there, such as `cancelCall`. */
  readonly name: string;
  /** The HTTP method. */
  readonly method: string;
  /** The path. */
  readonly path: string;
  /** How sure method and path are. Give the client `routes` when an assumed path turns out to be wrong. */
  readonly source: Source;
  /** What happens when it is sent twice: nothing (`read`), nothing more than once (`repeatable`), or harm (`once`). */
  readonly retry: 'read' | 'repeatable' | 'once';
  /** The title of its page in AI Rudder's documentation. */
  readonly page: string;
  /** The titles of all pages on it. */
  readonly pages: readonly string[];
  /** What it does, in a few words. */
  readonly summary: string;
}

/** What is known of a kind of event. */
export interface KnownEventKind {
  /** Its name, such as `call.finished`. */
  readonly kind: EventKind;
  /** How sure it is what AI Rudder posts. */
  readonly source: Source;
  /** The titles of AI Rudder's pages on it. */
  readonly pages: readonly string[];
  /** What it tells, in a few words. */
  readonly summary: string;
}

/** What is known of each operation, by its id: `operations['tasks.create'].source`. */
export declare const operations: Readonly<Record<OperationId, Operation>>;

/** What is known of each kind of event, by its name: `eventKinds['call.finished'].pages`. */
export declare const eventKinds: Readonly<Record<EventKind, KnownEventKind>>;
