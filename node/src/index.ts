export type { ControlLine, FaultLine } from './control/wire.ts';
