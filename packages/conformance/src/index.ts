// The operations of the protocol as a line protocol (protocol/conformance.md): what `comity conformance` speaks, what the
// vectors are run through, and what other implementations are compared with.

export type { Json } from './operation.ts';
export { operations } from './operations.ts';
export { MAX_LINE_BYTES, perform, type Response, respond } from './respond.ts';
