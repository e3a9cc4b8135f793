export type { ControlLine, FaultLine } from './control/wire.ts';
export { operations } from './operations/index.ts';
export { verification } from './operations/verification.ts';
