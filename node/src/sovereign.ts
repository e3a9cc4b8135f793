import type { Entropy } from '@comity/digest';
import type { CompiledPolicy, DecisionAlarm } from '@comity/disclosure';
import type { LocalSigner, Signer } from '@comity/ed25519';
import type { Exchange } from '@comity/exchange';
import type {
  KeyDirectory,
  VerifiedCharter,
  VerifiedKeyCertificate,
  VerifiedKeyState,
} from '@comity/identity';
import type { StateId } from '@comity/label';
import type { Store } from '@comity/store';
import type { AuditSeen } from './audit/audit-seen.ts';
import type { ClockWatch } from './clock/clock-watch.ts';
import type { Federation } from './config/federation.ts';
import type { NodeConfig } from './config/node-config.ts';
import type { Consents } from './consents/consents.ts';
import type { Events } from './events.ts';
import type { Home } from './home.ts';
import type { LedgerGrowth } from './ledgers/growth.ts';
import type { Officers } from './officers/officers.ts';
import type { Orders } from './orders/orders.ts';
import type { Peer, PeerTable } from './peers/peers.ts';
import type { Turns } from './process/turns.ts';
import type { PutBack } from './recovery/put-back.ts';
import type { KeptRegistry } from './registry/kept-registry.ts';
import type { Remarks } from './registry/remarks.ts';
import type { HoldQueue } from './release/hold-queue.ts';
import type { ReleaseDoor } from './release.ts';
import type { Token } from './token/token.ts';

/** This state, as its own node knows it. */
export interface Self {
  readonly state: StateId;
  readonly name: string;
  readonly charter: VerifiedCharter;
  readonly certificates: readonly VerifiedKeyCertificate[];
  readonly keyState: VerifiedKeyState | undefined;
  /** The state card: what other states receive of it. */
  readonly card: Uint8Array;
}

export interface Signers {
  readonly record: Signer;
  readonly log: Signer;
  readonly witness: Signer;
}

/** The policy in force, as applied. */
export interface PolicyInForce {
  readonly version: number;
  readonly digest: string;
  readonly text: string;
  readonly appliedAtSeconds: number;
  readonly compiled: CompiledPolicy;
}

/**
 * One node, open: the store, the keys, what is known of other states, the policy in force. Every verb of the node
 * (`issue.ts`, `accept.ts`, `release.ts` …) works on it; `open.ts` makes it and nothing else does.
 */
export interface Sovereign {
  readonly home: Home;
  readonly config: NodeConfig;
  readonly federation: Federation;
  /** Mutable: a new card is put in force, and with it new keys. */
  self: Self;
  signers: Signers;
  /** The transport key; only the exchange uses it. */
  readonly transport: LocalSigner & { readonly seed: Uint8Array };
  /** Where those keys are that are in no file. */
  readonly token: Token;
  readonly store: Store;
  /** The end of the audit chain, kept beside the store. */
  readonly auditSeen: AuditSeen;
  readonly directory: KeyDirectory;
  readonly peers: PeerTable;
  /** Mutable: with new keys of a state its officers are judged anew. */
  officers: Officers;
  /** What waits for a person before it is released. */
  readonly holds: HoldQueue;
  readonly orders: Orders;
  readonly consents: Consents;
  /** What is held about records of whichever state. */
  readonly remarks: Remarks;
  /** Which records say something of which subject. */
  readonly registry: KeptRegistry;
  readonly door: ReleaseDoor;
  readonly events: Events;
  readonly growth: LedgerGrowth;
  /**
   * Whatever decides about releases and writes them down, or changes what such decisions depend on, takes its turn here:
   * nothing is released twice, and nothing under rules that were replaced between the decision and the ledger.
   */
  readonly releases: Turns;
  /** Whoever imports events, or retracts a record, only where that is not done yet looks and does it in one turn here. */
  readonly imports: Turns;
  readonly retractions: Turns;
  readonly entropy: Entropy;
  /** Whether the clock can be believed. While it cannot, nothing is released. */
  readonly clock: ClockWatch;
  /** Whether the store is an older copy, and what is still to be known again. While something is, nothing is released. */
  readonly putBack: PutBack;
  now(): number;
  /** Mutable: a policy is applied, a peer added, the exchange started. */
  policy: PolicyInForce | undefined;
  exchange: Exchange | undefined;
  onDecisionError(alarm: DecisionAlarm): void;
  /** Told when a peer was added, suspended or resumed, or has new keys; a running node lets it in or cuts it off. */
  onPeerChange(peer: Peer): Promise<void>;
  /** Told when this state has a new card: a running node says so to the peers with which it is connected. */
  onOwnChange(): Promise<void>;
  /** Asks a running node to stop; does nothing where no daemon runs. */
  requestStop(): void;
  close(): Promise<void>;
}
