import { assertInForce, takeAct } from '@comity/approval';
import { fromHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import { chartersOf, type VerifiedKeyCertificate } from '@comity/identity';
import type { StateId } from '@comity/label';
import { type LetterRow, type SealedLetterRow, TABLES, WriteSet } from '@comity/store';
import { officersCalled } from '../officers/enrol-officer.ts';
import type { InboxLetter } from '../operations/inbox.ts';
import { formatTime } from '../operations/shapes.ts';
import { localUser } from '../process/local-user.ts';
import type { Sovereign } from '../sovereign.ts';

/** A letter to an officer of this state, as far as the node may know it. */
interface HeldLetter {
  readonly id: string;
  readonly row: LetterRow;
}

/**
 * The letters to an officer of this state, the newest first: who wrote them, and when. What is in them only the officer reads.
 *
 * @throws Fault officer.unknown
 */
export async function listInbox(sovereign: Sovereign, officer: string): Promise<InboxLetter[]> {
  officersCalled(sovereign, sovereign.self.state, officer);
  const held = await lettersTo(sovereign, officer);
  return held.map((letter) => described(sovereign, letter));
}

/** Everything that the officer needs, beside the private key, to open a letter and to verify what is in it. */
export interface LetterForOfficer {
  readonly letter: InboxLetter;
  readonly sealed: Uint8Array;
  readonly sender: StateId;
  /** The documents by which the sender's record keys are known here; charters from the first on. */
  readonly charters: readonly Uint8Array[];
  readonly certificates: readonly Uint8Array[];
  readonly keyState: Uint8Array | undefined;
  /** States and how they are called here, for the markings. */
  readonly codes: readonly { readonly state: StateId; readonly code: string }[];
}

/** The acts by which an officer takes a letter out, and destroys one: their subject is the id of the letter. */
export const TAKE = 'inbox.read';
export const DROP = 'inbox.drop';

/** A letter by its whole id, and what somebody has signed who does something with it. */
interface LetterAct {
  readonly officer: string;
  readonly letter: string;
  readonly act: Uint8Array;
}

/**
 * Gives a letter out to be opened, as it is sealed, to the officer that it is for. That it was given out is written down before.
 *
 * @throws Fault officer.unknown, officer.not-yet-valid, officer.expired, officer.ended, letter.not-found, act.*, approval.*
 */
export async function takeLetter(
  sovereign: Sovereign,
  { officer, letter, act }: LetterAct,
): Promise<LetterForOfficer> {
  const { self, store, peers, directory } = sovereign;
  requireOfficer(sovereign, officer);
  requireIsFor(officer, actorOf(sovereign, TAKE, letter, act));
  const { id, row } = await findLetter(sovereign, officer, letter);
  const { bytes } = (await store.get(TABLES.sealedLetters, [id])) as SealedLetterRow;
  const atSeconds = sovereign.now();
  await store.commit(
    new WriteSet()
      .put(TABLES.letters, [officer, id], { ...row, openedAtSeconds: atSeconds })
      .audit({ atSeconds, event: 'letter-opened', fields: { officer, letter: id, user: localUser() } }),
  );
  const charter = directory.charterOf(row.peer);
  const certificates: readonly VerifiedKeyCertificate[] =
    (peers.get(row.peer) ?? peers.faultyOf(row.peer))?.certificates ?? [];
  return {
    letter: described(sovereign, { id, row }),
    sealed: bytes,
    sender: row.peer,
    charters: charter === undefined ? [] : chartersOf(charter).map((each) => each.bytes),
    keyState: directory.keyStateOf(row.peer)?.bytes,
    certificates: certificates.map((certificate) => certificate.bytes),
    codes: [
      { state: self.state, code: self.charter.code },
      ...peers.all().map(({ state, code }) => ({ state, code })),
    ],
  };
}

/**
 * Destroys a letter. It does not come again: its entry is held. The officer that it is for does so; where he is none, or none any
 * more, any other officer.
 *
 * @throws Fault letter.not-found, act.*, approval.unknown-officer, approval.wrong-officer, officer.*
 */
export async function dropLetter(sovereign: Sovereign, asked: LetterAct): Promise<InboxLetter> {
  const { officer } = asked;
  const by = actorOf(sovereign, DROP, asked.letter, asked.act);
  const isThere = sovereign.officers.own.inForce(officer, sovereign.now()) !== undefined;
  if (isThere) requireIsFor(officer, by);
  const letter = await findLetter(sovereign, officer, asked.letter);
  const set = new WriteSet()
    .delete(TABLES.letters, [officer, letter.id])
    .delete(TABLES.sealedLetters, [letter.id])
    .audit({
      atSeconds: sovereign.now(),
      event: 'letter-dropped',
      fields: { officer, letter: letter.id, by, user: localUser() },
    });
  await sovereign.store.commit(set);
  return described(sovereign, letter);
}

/** The officer who has signed now that he does this with a letter. */
function actorOf(
  { officers, now }: Sovereign,
  act: typeof TAKE | typeof DROP,
  letter: string,
  signed: Uint8Array,
): string {
  return takeAct(signed, officers.own, { act, subject: fromHex(letter) }, now()).officer;
}

/** @throws Fault approval.wrong-officer */
function requireIsFor(officer: string, by: string): void {
  if (by === officer) return;
  throw new Fault('approval.wrong-officer', `the letter is for ${officer}`, {
    fields: { named: officer, officer: by },
  });
}

/** Letters for whom this state has no officer in force, or never had one: nobody can open them here. The newest first. */
export async function undeliverableLetters(
  sovereign: Sovereign,
): Promise<(InboxLetter & { officer: string })[]> {
  const { store, officers, now } = sovereign;
  const rows = await store.list(TABLES.letters, []);
  const isOfficer = new Map<string, boolean>();
  const undeliverable = rows.filter(({ key: [officer] }) => {
    const known = isOfficer.get(officer) ?? officers.own.inForce(officer, now()) !== undefined;
    isOfficer.set(officer, known);
    return !known;
  });
  return undeliverable
    .sort((a, b) => b.row.receivedAtSeconds - a.row.receivedAtSeconds || (a.key[1] < b.key[1] ? -1 : 1))
    .map(({ key: [officer, id], row }) => ({ officer, ...described(sovereign, { id, row }) }));
}

async function lettersTo({ store }: Sovereign, officer: string): Promise<HeldLetter[]> {
  const rows = await store.list<[officer: string, letter: string], LetterRow>(TABLES.letters, [officer]);
  return rows
    .map(({ key: [, id], row }) => ({ id, row }))
    .sort((a, b) => b.row.receivedAtSeconds - a.row.receivedAtSeconds || (a.id < b.id ? -1 : 1));
}

/** @throws Fault letter.not-found */
async function findLetter(sovereign: Sovereign, officer: string, idOrPrefix: string): Promise<HeldLetter> {
  const found = (await lettersTo(sovereign, officer)).filter(({ id }) => id.startsWith(idOrPrefix));
  const [letter] = found;
  if (letter === undefined || found.length > 1) {
    const message = letter === undefined ? 'no letter has an id that begins so' : 'several ids begin so';
    throw new Fault('letter.not-found', message, { fields: { officer, letter: idOrPrefix } });
  }
  return letter;
}

/** @throws Fault officer.unknown, and why he is none now */
function requireOfficer(sovereign: Sovereign, id: string): void {
  const { officers, self, now } = sovereign;
  const called = officersCalled(sovereign, self.state, id);
  const newest = called.at(-1);
  if (newest !== undefined && officers.own.inForce(id, now()) === undefined) assertInForce(newest, now());
}

function described({ peers }: Sovereign, { id, row }: HeldLetter): InboxLetter {
  const { peer, writtenAtSeconds, receivedAtSeconds, size, openedAtSeconds } = row;
  return {
    letter: id,
    from: peers.codeOf(peer) ?? peer,
    writtenAt: formatTime(writtenAtSeconds),
    receivedAt: formatTime(receivedAtSeconds),
    size,
    openedAt: openedAtSeconds === null ? null : formatTime(openedAtSeconds),
  };
}
