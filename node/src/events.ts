import type { FaultCode } from '@comity/fault';
import type { StateId } from '@comity/label';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { ClockDeviation } from './clock/clock-judgement.ts';

/** What happens in a node. Codes, counts and digests; never the content of a record. */
export interface NodeEvents {
  'node-started': { readonly listen: readonly string[]; readonly pid: number };
  'node-stopping': Record<string, never>;
  'peer-status': { readonly peer: string; readonly connection: string; readonly code: FaultCode | null };
  'peer-faulty': { readonly peer: string; readonly code: FaultCode };
  'connection-denied': { readonly peerId: string };
  'request-refused': { readonly peer: string; readonly protocol: string; readonly code: FaultCode };
  'request-failed': { readonly peer: string; readonly protocol: string; readonly code: FaultCode };
  'record-issued': { readonly record: string; readonly type: string };
  released: { readonly peer: string; readonly record: string; readonly parts: number; readonly mode: string };
  'batch-accepted': {
    readonly peer: string;
    readonly from: number;
    readonly to: number;
    readonly rejected: number;
  };
  'batch-refused': {
    readonly peer: string;
    readonly from: number;
    readonly to: number;
    readonly code: FaultCode;
  };
  'item-rejected': {
    readonly peer: string;
    readonly index: number;
    readonly code: FaultCode;
    /** Why a record would no longer open with what came for it. */
    readonly cause?: FaultCode;
  };
  /** Content of ledger entries that was not held before. */
  'missing-fetched': { readonly peer: string; readonly items: number };
  /** So many entries of a peer's ledger are without content that somebody should ask why. */
  'many-missing': { readonly peer: string; readonly entries: number };
  /** A stored record that no longer opens: left out of everything until it is mended. Once per record and process. */
  'record-unreadable': { readonly record: string; readonly code: FaultCode };
  receipt: { readonly peer: string; readonly size: number };
  /** A checkpoint of the origin log of a peer was cosigned, or of the own one by a peer. */
  cosigned: { readonly peer: string; readonly size: number };
  'cosignature-received': { readonly peer: string; readonly size: number };
  /** A peer does not cosign, and says so by a number of witness.md 3.2. */
  'cosignature-refused': { readonly peer: string; readonly size: number; readonly status: number };
  /** A charter or key state of a peer is in its log. */
  'keys-proved': { readonly peer: string; readonly size: number };
  'log-alarm': { readonly peer: string; readonly kind: string; readonly size: number };
  'ledger-alarm': { readonly peer: string; readonly code: FaultCode };
  /** The clock of this machine deviates from what is expected of it: nothing is released. Negative where it is behind. */
  'clock-held': { readonly deviation: ClockDeviation; readonly seconds: number };
  'clock-returned': { readonly deviation: ClockDeviation | 'unheard' };
  'clock-accepted': { readonly deviation: ClockDeviation | 'unheard' };
  /** The node was off for long: what only the time between would let go waits until others have said what time it is. */
  'clock-unheard': { readonly seconds: number };
  'clock-heard': Readonly<Record<string, never>>;
  /** A peer has shown a new charter or key state. Version 0: it has no key state. */
  'keys-learnt': {
    readonly peer: string;
    readonly charter: number;
    readonly keyState: number;
    readonly revoked: number;
  };
  /** A peer has signed two charters or key states that cannot both be true; the evidence is kept. */
  'keys-contradict': { readonly peer: string; readonly code: FaultCode };
  'clock-differs': { readonly peer: string; readonly seconds: number };
  'equivalence-disputed': { readonly peer: string; readonly levels: readonly string[] };
  /** A peer shows another table of levels than this state has signed: nothing is in force between the two. */
  'equivalence-not-agreed': { readonly peer: string; readonly level: string };
  'question-answered': { readonly peer: string; readonly question: string; readonly records: number };
  'question-refused': { readonly peer: string; readonly code: FaultCode };
  'operation-refused': { readonly operation: string; readonly code: FaultCode };
  /** What an originator has taken back, or a state that it has barred. */
  'order-issued': { readonly order: string; readonly kind: string; readonly peers: number };
  /** After the store was put back: what a peer has given back, and who is heard. */
  'order-taken-back': { readonly peer: string; readonly order: string; readonly kind: string };
  'peer-heard': { readonly peer: string };
  /** A peer holds what this state has signed and does not have any more: the store was put back, and nobody said so. */
  'put-back-noticed': { readonly peer: string };
  'order-received': { readonly peer: string; readonly order: string; readonly kind: string };
  'order-executed': { readonly order: string; readonly kind: string; readonly outcome: string };
  'letter-sent': { readonly peer: string; readonly officer: string; readonly letter: string };
  'letter-received': { readonly peer: string; readonly officer: string; readonly letter: string };
  /** A report that a law asks for is due soon, or was not made in time. */
  'duty-due': {
    readonly incident: string;
    readonly profile: string;
    readonly stage: string;
    readonly dueAt: string;
    readonly minutesLeft: number;
  };
  'duty-missed': {
    readonly incident: string;
    readonly profile: string;
    readonly stage: string;
    readonly dueAt: string;
  };
  /** Another state asks this one, and waits. */
  'clarification-asked': {
    readonly question: string;
    readonly peer: string;
    readonly replyBy: string | null;
  };
  /** A state that was asked has acknowledged, which is no concurrence, has answered, or declines. */
  'clarification-replied': { readonly question: string; readonly peer: string; readonly status: string };
  /** A reply of this state is due soon. */
  'clarification-due': {
    readonly question: string;
    readonly peer: string;
    readonly replyBy: string;
    readonly minutesLeft: number;
  };
  /** A reply was not given in time: by this state, or by the one that it has asked. */
  'clarification-overdue': {
    readonly question: string;
    readonly peer: string;
    readonly replyBy: string;
    readonly waitsFor: string;
  };
  'policy-applied': { readonly version: number; readonly digest: string };
  'decision-error': { readonly peer: string; readonly mode: string };
  'work-failed': { readonly what: string; readonly code: FaultCode; readonly retryInMs: number };
  'unexpected-error': { readonly where: string; readonly error: string };
}

const LEVELS: Partial<Record<keyof NodeEvents, 'warn' | 'error' | 'debug'>> = {
  'peer-faulty': 'error',
  'connection-denied': 'warn',
  'request-refused': 'warn',
  'request-failed': 'warn',
  'batch-refused': 'error',
  'item-rejected': 'warn',
  'many-missing': 'error',
  cosigned: 'debug',
  'cosignature-received': 'debug',
  'cosignature-refused': 'warn',
  'keys-proved': 'debug',
  'log-alarm': 'error',
  'ledger-alarm': 'error',
  'clock-held': 'error',
  'put-back-noticed': 'error',
  'order-taken-back': 'warn',
  'clock-returned': 'warn',
  'clock-accepted': 'warn',
  'clock-unheard': 'warn',
  'clock-heard': 'warn',
  'keys-learnt': 'warn',
  'keys-contradict': 'error',
  'clock-differs': 'warn',
  'equivalence-disputed': 'warn',
  'equivalence-not-agreed': 'warn',
  'question-refused': 'warn',
  'operation-refused': 'warn',
  'decision-error': 'error',
  'duty-due': 'warn',
  'duty-missed': 'error',
  'clarification-asked': 'warn',
  'clarification-due': 'warn',
  'clarification-overdue': 'warn',
  'record-unreadable': 'error',
  'work-failed': 'warn',
  'unexpected-error': 'error',
  receipt: 'debug',
};

type Listener = <K extends keyof NodeEvents>(event: K, fields: NodeEvents[K]) => void;

/** The one place where the node's log lines are written; tests and the demo listen in. */
export class Events {
  readonly #logger: Logger;
  readonly #listeners = new Set<Listener>();

  constructor(level: string, destination: DestinationStream) {
    this.#logger = pino(
      {
        level,
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
      },
      destination,
    );
  }

  emit<K extends keyof NodeEvents>(event: K, fields: NodeEvents[K]): void {
    this.#logger[LEVELS[event] ?? 'info']({ event, ...fields });
    for (const listener of this.#listeners) listener(event, fields);
  }

  on(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Short form of a state for logs: its code where known. */
export function nameOf(state: StateId, code: string | undefined): string {
  return code ?? state.slice(0, 12);
}
