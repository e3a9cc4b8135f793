import { whyNotInForce } from '@comity/approval';
import { toHex } from '@comity/digest';
import type { StateId } from '@comity/label';
import { piecesOfLetter } from '@comity/ledger';
import type { LetterEntry } from '@comity/log';
import { type SentLetterRow, TABLES } from '@comity/store';
import { openReadable } from '../records/stored-view.ts';
import type { ReleaseNote } from '../release/planned-release.ts';
import type { Sovereign } from '../sovereign.ts';

/**
 * A letter for its entry, in the pieces that it travels in; none where it is not handed over any more: it was taken back, its
 * officer is none any more as far as is known here, or not all that it shows would be released today.
 *
 * @throws Fault node.clock-held, node.put-back-held
 */
export async function piecesOf(
  sovereign: Sovereign,
  peer: StateId,
  { letterDigest }: LetterEntry,
  note: ReleaseNote,
): Promise<readonly Uint8Array[]> {
  const { store, door } = sovereign;
  const id = toHex(letterDigest);
  const sent = await store.get(TABLES.sentLetters, [id]);
  const sealed = await store.get(TABLES.sealedLetters, [id]);
  if (sent === undefined || sealed === undefined || !isStillOfficer(sovereign, sent)) return [];
  door.assertOpen(peer);
  if (door.stillStands(peer, note)) return piecesOfLetter(sealed.bytes);
  const record = await store.records('real').get(sent.record);
  const view = record === undefined ? undefined : openReadable(sovereign, record);
  const isReleased = view !== undefined && (await door.recheckLetter(view, sent));
  // What is only held here for now is not bare for good: the peer asks again.
  if (!isReleased) door.assertOpen(peer);
  return isReleased ? piecesOfLetter(sealed.bytes) : [];
}

/** Whether the certificate that a letter is sealed under is that of an officer now. */
function isStillOfficer({ officers, now }: Sovereign, { peer, kid }: SentLetterRow): boolean {
  const known = officers
    .of(peer)
    .list()
    .find(({ officer }) => toHex(officer.kid) === kid);
  return known !== undefined && whyNotInForce(known, now()) === undefined;
}
