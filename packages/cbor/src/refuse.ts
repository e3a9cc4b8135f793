import { Fault, type FaultCode } from '@comity/fault';

/** Refuses an input at a byte offset. The message never quotes the input: it comes from a peer. */
export function refuseAt(code: FaultCode, offset: number, message: string): never {
  throw new Fault(code, message, { fields: { offset } });
}
