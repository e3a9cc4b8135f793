import { toHex } from '@comity/digest';
import type { Notification } from '@comity/dossier';
import type { StateId } from '@comity/label';
import { decodeLedgerEntry } from '@comity/log';
import type { RecordId } from '@comity/record';
import { type LogReader, TABLES } from '@comity/store';
import { proofText } from '../logs/log-proof.ts';
import type { Peer } from '../peers/peers.ts';
import type { Sovereign } from '../sovereign.ts';
import type { ChosenRecord, LeftOut } from './dossier-records.ts';

/** That a state was told of a record, with what people are to know of it. */
export interface ShownNotification extends Notification {
  readonly record: RecordId;
  readonly atSeconds: number;
  readonly receivedAtSeconds: number;
}

/** A ledger between this state and another one, and what of it is about the record. */
interface Ledger {
  readonly log: LogReader;
  readonly sender: StateId;
  readonly recipient: StateId;
  readonly indexes: readonly number[];
}

export interface Notifications {
  readonly shown: readonly ShownNotification[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * What a state was told of a record by this one, and what this one was told by it, with the receipts for that.
 *
 * An entry names digests of parts. Of parts that the reader is not shown it would tell that they are none of the decoys, so one
 * that names any is left out, but where the reader had it himself.
 */
export async function notificationsWith(
  sovereign: Sovereign,
  { stored, view, shown: digests }: ChosenRecord,
  other: Peer,
  reader: StateId,
): Promise<Notifications> {
  const { store, self } = sovereign;
  const { id: record } = stored;
  const sent = await store.released(other.state, record);
  const received = stored.sources.flatMap(({ peer, ledgerIndex }) =>
    peer === other.state && ledgerIndex !== null ? [ledgerIndex] : [],
  );
  const ledgers: Ledger[] = [
    {
      log: await store.log(`ledger/out/${other.state}`),
      ...{ sender: self.state, recipient: other.state, indexes: sent.ledgerIndexes },
    },
    {
      log: await store.log(`ledger/in/${other.state}`),
      ...{ sender: other.state, recipient: self.state, indexes: received },
    },
  ];
  const shown: ShownNotification[] = [];
  const leftOut: LeftOut[] = [];
  for (const { indexes, ...ledger } of ledgers) {
    for (const index of new Set(indexes)) {
      const found = await notificationOf(sovereign, ledger, index, {
        ...{ record, issuer: view.header.issuer, digests },
        isKnown: other.state === reader,
      });
      if (typeof found !== 'string') shown.push(found);
      else leftOut.push({ record, what: 'notification', state: other.code, reason: found });
    }
  }
  return { shown, leftOut };
}

interface About {
  readonly record: RecordId;
  readonly issuer: StateId;
  /** What the reader is shown of it. */
  readonly digests: ReadonlySet<string>;
  /** Whether the reader is a party to the ledger. */
  readonly isKnown: boolean;
}

/** The notification of an entry, or why it is not shown. */
async function notificationOf(
  { store, self }: Sovereign,
  { log, sender, recipient }: Omit<Ledger, 'indexes'>,
  index: number,
  { record, issuer, digests, isKnown }: About,
): Promise<ShownNotification | string> {
  if (index >= log.size) return 'not-in-ledger';
  const { leaf } = await log.entry(index);
  const entry = decodeLedgerEntry(leaf);
  if (entry.kind !== 'release' || toHex(entry.recordId) !== record) return 'not-in-ledger';
  // A peer may write what it likes; a verifier refuses a mode that is not one for a record of this issuer (dossier.md 6.1).
  if ((entry.mode === 'relay') === (sender === issuer)) return 'wrong-mode';
  if (!isKnown && !entry.disclosures.every((digest) => digests.has(toHex(digest))))
    return 'names-withheld-parts';
  // The recipient was told, and handed nothing.
  const isBare = sender === self.state && (await store.get(TABLES.bare, [recipient, index])) !== undefined;
  if (isBare) return 'without-content';
  const checkpoint = await log.checkpointFrom(index + 1);
  const receipts = checkpoint === undefined ? [] : await log.cosignatures(checkpoint.size);
  const receipt = receipts.find(({ cosigner }) => cosigner === recipient);
  if (checkpoint === undefined || receipt === undefined) return 'no-receipt';
  return {
    ...{ record, sender, recipient },
    entry: leaf,
    proof: await proofText(log, index, checkpoint),
    receipt: receipt.line,
    atSeconds: entry.atSeconds,
    receivedAtSeconds: receipt.atSeconds,
  };
}
