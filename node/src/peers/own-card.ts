import { equalBytes, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import {
  decodeStateCard,
  type EndedLog,
  KeyDirectory,
  type KeyUsage,
  keyStateAge,
  longerChain,
  newerKeyState,
  type VerifiedStateCard,
} from '@comity/identity';
import { WriteSet } from '@comity/store';
import type { z } from 'zod';
import type { Emit } from '../control/operation.ts';
import { installNext, KEY_USAGES, type NodeKeys, nodeKeys, signersOf } from '../keys/node-keys.ts';
import { generationOf } from '../logs/log-generation.ts';
import { noteOwnKeys } from '../logs/logged-keys.ts';
import { holdsLogEnd } from '../logs/renew-log.ts';
import { formatTime, type keyStateStatus } from '../operations/shapes.ts';
import { signPolicyAgain } from '../policy/policy.ts';
import { localUser } from '../process/local-user.ts';
import { replaceFile } from '../process/replace-file.ts';
import { reconcile, reviseDoor } from '../recovery/reconcile.ts';
import type { Self, Sovereign } from '../sovereign.ts';
import { judgeOfficers } from './learn-keys.ts';

/** What a card of this state changes, in the words of `state apply`. */
export interface CardChange {
  readonly charterVersion: number;
  readonly keyStateVersion: number | null;
  /** Usages of which the node signs with another key from then on. */
  readonly newKeys: KeyUsage[];
  /** Key ids that are revoked by it and were not before. */
  readonly revoked: string[];
  /** Key ids that are superseded by it and were not before. */
  readonly superseded: string[];
  readonly newCertificates: number;
  /** Logs of this state that it ends: the node goes on with the next one. */
  readonly endedLogs: EndingLog[];
  /** Whether the node has to be started again to connect under its new transport key. */
  readonly needsRestart: boolean;
  readonly isApplied: boolean;
}

/** A log that ends, in the words of `state apply` and of a dry run. */
interface EndingLog {
  readonly log: number;
  /** Leaves of it that stand; null where nothing does. */
  readonly size: number | null;
  /** Whether this node has the tree that stands: without it, it proves nothing of that log. */
  readonly isHeld: boolean;
}

interface Plan {
  readonly self: Self;
  readonly card: VerifiedStateCard;
  readonly keys: NodeKeys;
  readonly change: Omit<CardChange, 'isApplied'>;
}

/**
 * Puts a card in force that the holders of the root keys have made for this state: charters and key states that go on from
 * those that are known, with a key of this node for each usage. Everything is checked before anything is written; peers that
 * are connected are told at once.
 *
 * @param isDryRun only says what it would do
 * @throws Fault node.foreign-card, node.card-older, keys.*, identity.*, cbor.*, cose.*
 */
export async function applyCard(
  sovereign: Sovereign,
  bytes: Uint8Array,
  isDryRun: boolean,
  emit: Emit,
): Promise<CardChange> {
  const plan = await planOf(sovereign, bytes);
  if (isDryRun) return { ...plan.change, isApplied: false };
  const { self, card, keys, change } = plan;
  const signers = signersOf(keys);
  // First what the new card needs, then the card, which is the one thing that the next start goes by: keys that have waited are
  // found with it wherever they are. Then what says that it is in force.
  if (change.newKeys.includes('record')) await signPolicyAgain(sovereign, signers);
  await noteOwnKeys(sovereign, sovereign.self, self);
  replaceFile(sovereign.home.card, bytes, 0o644);
  const set = new WriteSet().audit({
    atSeconds: sovereign.now(),
    event: 'card-applied',
    fields: {
      charter: self.charter.version,
      keyState: card.keyState?.version ?? 0,
      revoked: change.revoked.length,
      user: localUser(),
    },
  });
  await reviseDoor(sovereign, set, () => {
    for (const usage of KEY_USAGES) if (keys[usage].isNext) installNext(sovereign.home.keys, usage);
    sovereign.directory.add(card.charter, card.certificates, { keyState: card.keyState });
    sovereign.self = self;
    sovereign.signers = signers;
  });
  await judgeOfficers(sovereign);
  await sovereign.onOwnChange();
  await reconcile(sovereign, sovereign.peers.all(), emit);
  return { ...change, isApplied: true };
}

async function planOf(sovereign: Sovereign, bytes: Uint8Array): Promise<Plan> {
  const { self: known, home, directory, token } = sovereign;
  const card = decodeStateCard(bytes);
  const { charter, certificates, keyState } = card;
  if (charter.state !== known.state) throw new Fault('node.foreign-card', 'the card is of another state');
  if (longerChain(known.charter, charter).version > charter.version) throw older();
  const isSameCharter = charter.version === known.charter.version;
  if (isSameCharter && known.keyState !== undefined) {
    if (keyState === undefined || newerKeyState(known.keyState, keyState).version > keyState.version)
      throw older();
  }
  const missing = known.certificates.filter(
    ({ bytes: each }) => !certificates.some((one) => equalBytes(one.bytes, each)),
  );
  // Records that were signed under a certificate are read with it.
  if (missing.some(({ usage }) => usage === 'record'))
    throw new Fault('node.card-older', 'the card lacks certificates of record keys that are known here');
  const supposed = new KeyDirectory();
  supposed.add(charter, certificates, { keyState });
  const self: Self = {
    ...known,
    name: charter.names.get('en') ?? charter.code,
    charter,
    certificates,
    keyState,
    card: bytes,
  };
  const keys = await nodeKeys(home.keys, { directory: supposed, self, atSeconds: sovereign.now(), token });
  const used = { ...sovereign.signers, transport: sovereign.transport };
  const newKeys = KEY_USAGES.filter((usage) => !equalBytes(keys[usage].publicKey, used[usage].publicKey));
  const standingBefore = (kid: Uint8Array): string | undefined => directory.standingOf(kid)?.standing;
  const ended = (list: readonly { readonly kid: Uint8Array }[] | undefined, standing: string): string[] =>
    (list ?? []).flatMap(({ kid }) => (standingBefore(kid) === standing ? [] : [toHex(kid)]));
  const endedLogs = await endingLogs(
    sovereign,
    (keyState?.endedLogs ?? []).slice(known.keyState?.endedLogs?.length ?? 0),
  );
  return {
    self,
    card,
    keys,
    change: {
      charterVersion: charter.version,
      keyStateVersion: keyState?.version ?? null,
      newKeys,
      revoked: ended(keyState?.revoked, 'revoked'),
      superseded: ended(keyState?.superseded, 'superseded'),
      newCertificates: certificates.length - (known.certificates.length - missing.length),
      endedLogs,
      needsRestart: newKeys.includes('transport') && sovereign.exchange !== undefined,
    },
  };
}

/** What comes of the log in use and of those after it, where they end in this order. */
export function endingLogs(
  sovereign: Sovereign,
  ended: readonly Pick<EndedLog, 'end'>[],
): Promise<EndingLog[]> {
  const first = generationOf(sovereign, sovereign.self.state);
  return Promise.all(
    ended.map(async ({ end }, place) => ({
      log: first + place,
      size: end?.size ?? null,
      isHeld: end !== null && (await holdsLogEnd(sovereign, first + place, end)),
    })),
  );
}

function older(): Fault {
  return new Fault('node.card-older', 'the card is older than the one that is in force here');
}

/** How a key state is by now, for whoever is shown it; null where there is none. */
export function keyStateShown(
  keyState: Self['keyState'],
  atSeconds: number,
): z.output<typeof keyStateStatus> | null {
  if (keyState === undefined) return null;
  const { ageSeconds, isStale } = keyStateAge(keyState, atSeconds);
  const { version, revoked, endedLogs = [] } = keyState;
  return {
    version,
    ageSeconds,
    stale: isStale,
    revoked: revoked.length,
    endedLogs: endedLogs.map(({ end, endedAtSeconds, reason }) => ({
      size: end?.size ?? null,
      endedAt: formatTime(endedAtSeconds),
      reason,
    })),
  };
}
