import { Fault, type FaultCode, isFault, isFaultCode, mayBeTold } from '@comity/fault';

/**
 * A fault whose code the peer is told, where the registry allows that at all. A port throws it to refuse with a reason; any
 * other fault of a port reaches the peer only as `exchange.refused`, because a code may say what is held, or in which state
 * this node is.
 */
export class Refusal extends Fault {}

/** Of the faults of this topic the registry says which ones say nothing but what the peer did, or that it may come back. */
function isOfProtocol(code: FaultCode): boolean {
  return code.startsWith('exchange.') && mayBeTold(code);
}

/** The code that goes into an ERROR frame for this fault (exchange.md §5.2, errors.md §3). */
export function toldCode(fault: Fault): FaultCode {
  const isTold = fault instanceof Refusal ? mayBeTold(fault.code) : isOfProtocol(fault.code);
  return isTold ? fault.code : 'exchange.refused';
}

/**
 * What a peer's ERROR frame means here. Its text is attacker-controlled: only what a peer may say of the protocol itself is
 * taken over, since another code (a damaged store, a bad configuration) would be read as a fault of this node. Others stay
 * visible as `peerCode`.
 */
export function faultToldBy(code: string): Fault {
  if (isFaultCode(code) && isOfProtocol(code)) {
    return new Fault(code, 'the peer refused', { fields: { toldByPeer: true } });
  }
  const peerCode = isFaultCode(code) ? code : null;
  return new Fault('exchange.refused', 'the peer refused', { fields: { toldByPeer: true, peerCode } });
}

/**
 * The code of a refusal in answer to a question: what may be said of a question (query.md §4.2) is taken over from a peer there,
 * and nowhere else (exchange.md §5.3).
 */
export function codeForQuestion({ code, fields: { peerCode } }: Fault): FaultCode {
  if (code !== 'exchange.refused' || typeof peerCode !== 'string') return code;
  return peerCode.startsWith('query.') && isFaultCode(peerCode) && mayBeTold(peerCode) ? peerCode : code;
}

export function isToldByPeer(fault: Fault): boolean {
  return fault.fields.toldByPeer === true;
}

/** Anything thrown, as a fault. What is not a fault yet is a fault of this program, and keeps its cause. */
export function asFault(thrown: unknown): Fault {
  return isFault(thrown) ? thrown : new Fault('fault.internal', 'unexpected failure', { cause: thrown });
}
