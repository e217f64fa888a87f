export * from './generated/api.cjs';
export * from './generated/errors.cjs';
export * from './lib/client.cjs';
export * from './lib/events.cjs';
export * from './lib/known.cjs';
export * from './lib/options.cjs';
export * from './lib/router.cjs';
