import { Fault } from '@comity/fault';
import type { KeyDirectory } from '@comity/identity';
import type { StateId } from '@comity/label';
import { authoriseBytes, decodeLetter } from '@comity/ledger';
import { openView, type View } from '@comity/record';
import { openBase } from './hpke.ts';
import { decodeContent, encodeAddress, type LetterAddress, type LetterContent } from './letter.ts';
import { unpad } from './padding.ts';

/** What an officer was sent: parts of a record of the state that wrote, verified. */
export interface OpenedLetter {
  readonly view: View;
  /** When it was sealed, UTC seconds by the sender's clock. */
  readonly atSeconds: number;
  readonly purpose: string;
  readonly note?: string;
}

/**
 * Opens a letter with the private key of the officer it is for. What is in it is the word of whoever sealed it, until
 * `verifyLetter` has looked at it: the seal shows that it is for this officer, and not who it is from.
 *
 * @param letter as it travelled
 * @param privateKey X25519, 32 bytes
 * @throws Fault `cbor.*`, `letter.wrong-size`, `letter.not-opened`, `letter.bad-padding`
 */
export async function openLetter(
  letter: Uint8Array,
  privateKey: Uint8Array,
  address: LetterAddress,
): Promise<LetterContent> {
  const sealed = decodeLetter(letter);
  return decodeContent(unpad(await openBase(privateKey, encodeAddress(address), sealed)));
}

/**
 * Verifies what was in a letter as what comes in the ledger of its sender is verified: the record is the sender's own, signed
 * by it, and opens with the disclosures (letter.md §3).
 *
 * @param sender the state in whose ledger the letter came
 * @param nowSeconds the reader's clock, where it has one
 * @param trustedSeconds when the letter came, by the word of the reader's own node (key-state.md 4.5)
 * @throws Fault `letter.wrong-issuer`, `cbor.*`, `cose.*`, `record.*`, `ed25519.*`, `identity.*`
 */
export function verifyLetter(
  { record, disclosures, atSeconds, purpose, note }: LetterContent,
  sender: StateId,
  directory: KeyDirectory,
  nowSeconds?: number,
  trustedSeconds?: number,
): OpenedLetter {
  const view = openView(authoriseBytes(record, directory, nowSeconds, trustedSeconds), disclosures);
  if (view.header.issuer !== sender) {
    throw new Fault('letter.wrong-issuer', 'the record in the letter is of another state than the sender');
  }
  return { view, atSeconds, purpose, ...(note !== undefined && { note }) };
}
