// Re-exported, not loaded again: `instanceof` holds between code that imports and code that requires this package. By name, for Node would first load
// a parser of its own to find out what a CommonJS module exports.
import { createRequire } from 'node:module';

export const { Client, MemoryStore, SqliteStore, eventKinds, operations } = createRequire(import.meta.url)(
  './index.cjs',
);
export * from './generated/errors.mjs';
