export * from './http.cjs';
