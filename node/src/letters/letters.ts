import { assertInForce, type KnownOfficer } from '@comity/approval';
import { toHex } from '@comity/digest';
import type { RecordDecision } from '@comity/disclosure';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { closeUpward, type View } from '@comity/record';
import { TABLES, WriteSet } from '@comity/store';
import { officersCalled } from '../officers/enrol-officer.ts';
import type { LetterWritten } from '../operations/letter.ts';
import { findRecord } from '../records/find-record.ts';
import { titleText } from '../records/summary.ts';
import { type Grounds, groundsOf } from '../release/grounds.ts';
import { heldIn } from '../release/held-parts.ts';
import { noteHeld } from '../release/holds.ts';
import { told, toldParts } from '../release/outcomes.ts';
import { partsUnder } from '../release/parts-under.ts';
import { assertServed } from '../release/served.ts';
import type { Sovereign } from '../sovereign.ts';
import type { PlannedLetter } from './planned-letter.ts';

export interface LetterDraft {
  readonly id: string;
  /** Code of the peer. */
  readonly to: string;
  /** The one officer of that peer who is to read it. */
  readonly officer: string;
  readonly purpose: string;
  /** Paths of the parts to be shown, with all that stands in them and may go; absent: everything that may go. */
  readonly parts?: readonly string[] | undefined;
  /** From person to person. */
  readonly note?: string | undefined;
  /** Only say what it would show. */
  readonly dryRun: boolean;
}

/** What was decided about a letter before it is written. */
interface Decided {
  readonly view: View;
  readonly peer: StateId;
  readonly to: KnownOfficer;
  readonly grounds: Grounds;
  readonly decision: RecordDecision;
  /** Digests of the parts that it is to show, with what they stand in. */
  readonly digests: readonly string[];
}

/**
 * Writes parts of a record of this state to one officer of a peer. What rules leave to a person waits as it does for a peer.
 *
 * @throws Fault record.not-found, record.ambiguous-id, record.not-own, record.no-such-part, peer.*, officer.*, node.clock-held, node.put-back-held,
 *   letter.no-seal-key, letter.not-released, letter.too-large, cbor.shape
 */
export function writeLetter(sovereign: Sovereign, draft: LetterDraft): Promise<LetterWritten> {
  return sovereign.releases.take(async () => {
    const decided = await decideAbout(sovereign, draft);
    const { view, peer, to, grounds, digests } = decided;
    if (draft.dryRun) return described(sovereign, draft, decided, null);
    const { purpose, note } = draft;
    const set = new WriteSet();
    await noteWaiting(sovereign, set, decided, draft);
    if (!isReleased(decided, draft)) {
      await sovereign.store.commit(set);
      throw notReleased(decided, draft);
    }
    const release = { digests, purpose, grounds, ...(note !== undefined && { note }) };
    const letter = await sovereign.door.letter(view, to, release);
    addLetter(sovereign, set, peer, letter, { view, to, digests, purpose });
    await sovereign.store.commit(set);
    sovereign.events.emit('letter-sent', {
      peer: sovereign.peers.codeOf(peer) ?? peer,
      officer: to.officer.id,
      letter: letter.id.slice(0, 12),
    });
    sovereign.growth.notify(new Set([peer]));
    return described(sovereign, draft, decided, letter.id);
  });
}

async function decideAbout(sovereign: Sovereign, draft: LetterDraft): Promise<Decided> {
  const { self, door } = sovereign;
  const { view } = await findRecord(sovereign, draft.id);
  const { id: record, issuer } = view.header;
  if (issuer !== self.state)
    throw new Fault('record.not-own', 'only the issuer writes letters about a record', {
      fields: { record },
    });
  const peer = sovereign.peers.byCode(draft.to).state;
  assertServed(sovereign, peer);
  // What is refused because of it would be released otherwise: it is said first.
  door.assertOpen(peer);
  const to = addresseeOf(sovereign, peer, draft.officer);
  const grounds = await groundsOf(sovereign, view, peer);
  const asked = { mode: 'letter', purpose: draft.purpose, addressee: to.officer.id } as const;
  const decision = door.decideAsked(view, peer, asked, grounds);
  if (decision === undefined)
    throw new Fault('letter.not-released', 'nothing of the record is released to anybody', {
      fields: { record },
    });
  const wanted = draft.parts === undefined ? view.parts : partsUnder(view, draft.parts);
  const released = wanted.map(({ digest }) => digest).filter((digest) => decision.released.has(digest));
  return { view, peer, to, grounds, decision, digests: [...closeUpward(view, released)] };
}

/** @throws Fault officer.unknown, officer.not-yet-valid, officer.expired, officer.ended, letter.no-seal-key */
function addresseeOf(sovereign: Sovereign, peer: StateId, id: string): KnownOfficer {
  const { officers, now } = sovereign;
  const known = officers.of(peer).inForce(id, now());
  const newest = officersCalled(sovereign, peer, id).at(-1) as KnownOfficer;
  if (known === undefined) assertInForce(newest, now());
  const to = known ?? newest;
  if (to.officer.sealKey !== undefined) return to;
  throw new Fault('letter.no-seal-key', `the certificate of ${id} has no key for letters`, {
    fields: { officer: id },
  });
}

/** Whether everything that was asked for by its name goes, and something does. */
function isReleased({ view, decision, digests }: Decided, { parts = [] }: LetterDraft): boolean {
  const named = view.parts.filter(({ pathText }) => parts.includes(pathText));
  return (
    decision.outcome === 'release' &&
    digests.length > 0 &&
    named.every(({ digest }) => decision.released.has(digest))
  );
}

function notReleased({ view, decision, to }: Decided, { parts, to: peer }: LetterDraft): Fault {
  const waits = decision.held.size > 0 ? '; officers of this state have to approve first' : '';
  const what = parts === undefined ? 'nothing of the record' : `not all of ${parts.join(', ')}`;
  return new Fault('letter.not-released', `${what} is released to ${to.officer.id} of ${peer}${waits}`, {
    fields: { record: view.header.id, outcome: decision.outcome },
  });
}

/** Writes down what of a letter waits for officers of this state, or no longer does. */
async function noteWaiting(
  sovereign: Sovereign,
  set: WriteSet,
  decided: Decided,
  draft: LetterDraft,
): Promise<void> {
  const { view, peer, to, decision, digests } = decided;
  const look = { mode: 'letter', purpose: draft.purpose, addressee: to.officer.id } as const;
  const goes = isReleased(decided, draft) ? digests : [];
  await noteHeld(sovereign, set, view, peer, heldIn(view, decision, look), { look, goes });
}

/** Adds a letter to a set: its entry in the ledger of the peer, what it is about, and what is sealed. */
function addLetter(
  sovereign: Sovereign,
  set: WriteSet,
  peer: StateId,
  { id, entry, leaf, bytes, note }: PlannedLetter,
  { view, to, digests, purpose }: Pick<Decided, 'view' | 'to' | 'digests'> & { readonly purpose: string },
): void {
  const { atSeconds, officer } = entry;
  const record = view.header.id;
  set
    .append(`ledger/out/${peer}`, [{ leaf, note: [note.revision, note.untilSeconds] }])
    .put(TABLES.sealedLetters, [id], { bytes, officer: null })
    .put(TABLES.sentLetters, [id], {
      ...{ peer, officer, record, purpose, atSeconds },
      kid: toHex(to.officer.kid),
      digests: digests.toSorted(),
    })
    .audit({
      atSeconds,
      event: 'letter-sent',
      fields: {
        ...{ peer, officer, letter: id, record, purpose },
        parts: digests.length,
        policy: sovereign.policy?.digest ?? '',
      },
    });
}

function described(
  sovereign: Sovereign,
  { to: peer, purpose, note }: LetterDraft,
  { view, to, decision, digests }: Decided,
  letter: string | null,
): LetterWritten {
  const { id, name, kid } = to.officer;
  const shown = new Set(digests);
  return {
    letter,
    record: view.header.id,
    title: titleText(view),
    peer,
    officer: { id, name, kid: toHex(kid) },
    purpose,
    note: note ?? null,
    outcome: decision.outcome,
    envelope: told(decision.envelope),
    parts: toldParts(sovereign, view, decision, shown),
  };
}
