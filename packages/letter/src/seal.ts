import { assertInForce, type KnownOfficer } from '@comity/approval';
import type { Entropy } from '@comity/digest';
import { Fault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { encodeLetter } from '@comity/ledger';
import { HPKE_KEY_BYTES, sealBase } from './hpke.ts';
import { encodeAddress, encodeContent, type LetterContent } from './letter.ts';
import { pad } from './padding.ts';

/**
 * Seals a letter for one officer (letter.md §2): nobody but the holder of his private key reads it, the states that it passes
 * through included, nor the sender himself. Whether it may be written at all, `decideRecord` has said before, in mode letter.
 *
 * @param sender the state that writes
 * @param to the officer, as his state certified him
 * @param entropy of which 32 bytes are taken: the letter is as secret as they are
 * @returns the letter as it travels; its SHA-256 is its id
 * @throws Fault `officer.not-yet-valid`, `officer.expired`, `officer.ended` by the time in the content,
 *   `letter.no-seal-key`, `letter.too-large`, `cbor.*`
 */
export async function sealLetter(
  content: LetterContent,
  sender: StateId,
  to: KnownOfficer,
  entropy: Entropy,
): Promise<Uint8Array> {
  const { state, id, kid, sealKey } = to.officer;
  assertInForce(to, content.atSeconds);
  if (sealKey === undefined) {
    throw new Fault('letter.no-seal-key', `the certificate of ${id} has no key to seal letters with`, {
      fields: { officer: id },
    });
  }
  const info = encodeAddress({ sender, recipient: state, officer: id, kid });
  const padded = pad(encodeContent(content));
  return encodeLetter(await sealBase(sealKey, info, padded, entropy(HPKE_KEY_BYTES)));
}
