import { toHex } from '@comity/digest';
import { judgeHead, MAX_BATCH_ENTRIES } from '@comity/exchange';
import { Fault, isFault } from '@comity/fault';
import { KeyDirectory, verifyCharter, verifyKeyCertificate } from '@comity/identity';
import type { StateId } from '@comity/label';
import {
  barsInForce,
  decodeLetter,
  extendLedger,
  type Judgement,
  judgeItem,
  type LedgerKeys,
  type Order,
  openLedgerCheckpoint,
  sizeOfLetter,
  verifyOrder,
  verifyReceipt,
} from '@comity/ledger';
import {
  type Checkpoint,
  decodeLedgerEntry,
  type LedgerEntry,
  ledgerLogName,
  witnessName,
} from '@comity/log';
import { CompactTree, leafHash } from '@comity/merkle';
import { mergeViews, openView, type View } from '@comity/record';
import type { Input } from '../input.ts';
import { knownStatesIn } from '../known-states.ts';
import type { Json, Operations } from '../operation.ts';

/** ledger.md §9. */
export const ledgerOperations: Operations = {
  'ledger.entry': (input) => {
    return entryAsJson(decodeLedgerEntry(input.hex('entry')));
  },

  'ledger.item': (input) => {
    const { directory } = knownStatesIn(input);
    const item = {
      entry: input.hex('entry'),
      record: input.optionalHex('record'),
      disclosures: input.hexes('disclosures'),
    };
    const judged = judgeItem(item, directory, input.seconds('atSeconds'));
    if (judged.verdict === 'rejected' || judged.verdict === 'malformed')
      throw new Fault(judged.code, 'the item does not pass');
    if (judged.verdict === 'order') return { order: orderAsJson(judged.order) };
    if (judged.verdict === 'report') return { report: entryAsJson(judged.report) };
    if (judged.verdict === 'letter') return { letter: letterAsJson(judged) };
    const recordId = toHex(judged.entry.recordId);
    if (judged.verdict === 'bare') return { recordId, bare: true, digests: [] };
    const view = input.has('held') ? mergedWith(input.hexes('held'), judged.view) : judged.view;
    return { recordId, bare: false, digests: [...view.disclosed.keys()] };
  },

  'ledger.order': (input) => {
    const { directory } = knownStatesIn(input);
    return orderAsJson(verifyOrder(input.hex('order'), directory, input.seconds('atSeconds')));
  },

  'ledger.bars': (input) => {
    const { directory } = knownStatesIn(input);
    const atSeconds = input.seconds('atSeconds');
    const bars = barsInForce(input.hexes('orders').map((order) => verifyOrder(order, directory, atSeconds)));
    const byIssuer = [...bars].sort(([a], [b]) => (a < b ? -1 : 1));
    return { bars: byIssuer.map(([issuer, states]) => ({ issuer, states: [...states].sort() })) };
  },

  'ledger.verify': (input) => {
    const parties = partiesIn(input);
    const open = (note: string): Checkpoint =>
      openLedgerCheckpoint(note, parties.origin, parties.senderKeys).checkpoint;
    const held = heldIn(input);
    judgeHeadOf(input.object('head'), held, open);
    const leaves: Uint8Array[] = [];
    let tree = held;
    for (const batch of input.objects('batches')) {
      const entries = entriesIn(batch);
      const checkpoint = open(batch.text('checkpoint'));
      tree = extendLedger(tree, { from: batch.natural('first'), entries, checkpoint });
      for (const entry of entries) decodeLedgerEntry(entry);
      leaves.push(...entries.map(leafHash));
    }
    const receipts = input.has('receipts') ? input.objects('receipts') : [];
    return {
      size: tree.size,
      root: toHex(tree.root()),
      receipts: receiptsOf(receipts, { held, leaves }, parties),
    };
  },
};

function entryAsJson(entry: LedgerEntry): Json {
  const { kind, atSeconds: timeSeconds } = entry;
  switch (kind) {
    case 'release': {
      const { recordId, disclosures, mode, purpose } = entry;
      return {
        kind,
        recordId: toHex(recordId),
        disclosures: disclosures.map(toHex),
        timeSeconds,
        mode,
        purpose,
      };
    }
    case 'order':
      return { kind, order: toHex(entry.order), timeSeconds };
    case 'report': {
      const { orderDigest, outcome, reason } = entry;
      return {
        kind,
        orderId: toHex(orderDigest),
        timeSeconds,
        outcome,
        ...(reason !== undefined && { reason }),
      };
    }
    case 'letter': {
      const { officer, letterDigest } = entry;
      return { kind, officer, letterId: toHex(letterDigest), timeSeconds };
    }
  }
}

function letterAsJson({ entry, letter }: Extract<Judgement, { readonly verdict: 'letter' }>): Json {
  const { officer, letterDigest, atSeconds: timeSeconds } = entry;
  const size = letter === undefined ? undefined : sizeOfLetter(decodeLetter(letter));
  return {
    kind: 'letter',
    officer,
    letterId: toHex(letterDigest),
    timeSeconds,
    ...(size !== undefined && { size }),
  };
}

function orderAsJson(order: Order): Json {
  const { id, issuer, kind, issuedAtSeconds, reason, note } = order;
  return {
    ...{ id, issuer, kind, issuedAtSeconds },
    ...('record' in order && { recordId: order.record }),
    ...('digests' in order && { digests: order.digests }),
    ...('state' in order && { state: order.state }),
    reason,
    ...(note !== undefined && { note: Object.fromEntries(note) }),
  };
}

/** ledger.md §4.6. @throws Fault `node.merge-refused`; `record.*` where what is held does not open by itself */
function mergedWith(held: readonly Uint8Array[], view: View): View {
  const before = openView(view.record, held);
  try {
    return mergeViews(before, view);
  } catch (cause) {
    if (!isFault(cause)) throw cause;
    throw new Fault('node.merge-refused', 'what came and what is held do not open together', { cause });
  }
}

/** Sender and recipient of a ledger, and what each is known by. */
interface Parties {
  readonly origin: string;
  readonly senderKeys: LedgerKeys;
  readonly recipientName: string;
  readonly recipientKeys: LedgerKeys;
}

function partiesIn(input: Input): Parties {
  const directory = new KeyDirectory();
  const atSeconds = input.seconds('atSeconds');
  const keysOf = (name: string): LedgerKeys & { readonly state: StateId } => {
    const state = input.object(name);
    const charter = verifyCharter(state.hex('charter'));
    const certificates = state.hexes('certificates').map((bytes) => verifyKeyCertificate(bytes, charter));
    directory.add(charter, certificates);
    return { state: charter.state, certificates, directory, atSeconds };
  };
  const senderKeys = keysOf('sender');
  const recipientKeys = keysOf('recipient');
  const federation = input.text('federation');
  return {
    origin: ledgerLogName(federation, senderKeys.state, recipientKeys.state),
    senderKeys,
    recipientName: witnessName(federation, recipientKeys.state),
    recipientKeys,
  };
}

function heldIn(input: Input): CompactTree {
  const held = input.optionalObject('held');
  return held === undefined
    ? new CompactTree()
    : CompactTree.resume(held.natural('size'), held.hexes('subtrees'));
}

function judgeHeadOf(head: Input, held: CompactTree, open: (note: string) => Checkpoint): void {
  const { size, root } = open(head.text('checkpoint'));
  if (size !== head.natural('size'))
    throw new Fault('exchange.message-malformed', 'HEAD names another size than its checkpoint');
  judgeHead({ size: held.size, root: held.root() }, { size, root, consistencyProof: head.hexes('proof') });
}

function entriesIn(batch: Input): readonly Uint8Array[] {
  const entries = batch.hexes('entries');
  if (entries.length === 0 || entries.length > MAX_BATCH_ENTRIES)
    throw new Fault('conformance.bad-input', `a batch has 1 to ${MAX_BATCH_ENTRIES} entries`);
  return entries;
}

/** A ledger, of which the beginning is known by its complete subtrees alone. */
interface Ledger {
  readonly held: CompactTree;
  /** Hashes of the leaves after it. */
  readonly leaves: readonly Uint8Array[];
}

function receiptsOf(receipts: readonly Input[], ledger: Ledger, parties: Parties): Json {
  const { origin, recipientName, recipientKeys } = parties;
  const verified: { readonly size: number; readonly timeSeconds: number }[] = [];
  for (const receipt of receipts) {
    const size = receipt.natural('size');
    const line = receipt.text('line');
    if (size < ledger.held.size)
      throw new Fault('conformance.bad-input', 'a receipt is for less than what is held');
    const newest = verified.at(-1)?.size ?? -1;
    if (size <= newest) continue;
    const checkpoint = { origin, size, root: rootAt(size, ledger) };
    const timeSeconds = verifyReceipt(line, checkpoint, recipientName, recipientKeys);
    verified.push({ size, timeSeconds });
  }
  return verified;
}

function rootAt(size: number, { held, leaves }: Ledger): Uint8Array {
  if (size > held.size + leaves.length)
    throw new Fault('log.other-checkpoint', 'a receipt for more than the ledger holds');
  const tree = held.clone();
  for (const leaf of leaves.slice(0, size - held.size)) tree.append(leaf);
  return tree.root();
}
