import { Fault, type FaultCode, isFault, isFaultCode } from '@comity/fault';

/**
 * A fault whose code the peer is told. A port throws it to refuse with a reason; any other fault of a port reaches the
 * peer only as `exchange.refused`, because a code may say what is held, or in which state this node is.
 */
export class Refusal extends Fault {}

/** Faults of the protocol itself: they say nothing but what the peer did, or that it may come back later. */
const TOLD: ReadonlySet<FaultCode> = new Set<FaultCode>([
  'exchange.batch-mismatch',
  'exchange.batch-out-of-order',
  'exchange.count-mismatch',
  'exchange.frame-malformed',
  'exchange.frame-too-large',
  'exchange.frame-unexpected',
  'exchange.hello-required',
  'exchange.ledger-rewritten',
  'exchange.message-malformed',
  'exchange.message-too-large',
  'exchange.other-era',
  'exchange.other-federation',
  'exchange.read-deadline',
  'exchange.receipt-deadline',
  'exchange.receipt-unexpected',
  'exchange.still-flood',
  'exchange.stopping',
  'exchange.superseded',
]);

/** The code that goes into an ERROR frame for this fault. */
export function toldCode(fault: Fault): FaultCode {
  return fault instanceof Refusal || TOLD.has(fault.code) ? fault.code : 'exchange.refused';
}

/**
 * What a peer's ERROR frame means here. Its text is attacker-controlled: only codes of this topic are taken over, since
 * a code of another one (a damaged store, a bad configuration) would be read as a fault of this node. Others stay
 * visible as `peerCode`.
 */
export function faultToldBy(code: string): Fault {
  if (isFaultCode(code) && code.startsWith('exchange.')) {
    return new Fault(code, 'the peer refused', { fields: { toldByPeer: true } });
  }
  const peerCode = isFaultCode(code) ? code : null;
  return new Fault('exchange.refused', 'the peer refused', { fields: { toldByPeer: true, peerCode } });
}

export function isToldByPeer(fault: Fault): boolean {
  return fault.fields.toldByPeer === true;
}

/** Anything thrown, as a fault. What is not a fault yet is a fault of this program, and keeps its cause. */
export function asFault(thrown: unknown): Fault {
  return isFault(thrown) ? thrown : new Fault('fault.internal', 'unexpected failure', { cause: thrown });
}
