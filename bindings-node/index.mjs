// Re-exported, not loaded again: `instanceof` holds between code that imports and code that requires this package.
export * from './index.cjs';
