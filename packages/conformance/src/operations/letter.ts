import { type KnownOfficer, verifyOfficer } from '@comity/approval';
import { sha256Hex, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import { decodeLetter, sizeOfLetter } from '@comity/ledger';
import { openLetter, sealLetter, verifyLetter } from '@comity/letter';
import type { Input } from '../input.ts';
import { knownStatesIn, stateIdIn } from '../known-states.ts';
import type { Operations } from '../operation.ts';
import { bytesIn } from '../pieces.ts';

/** letter.md §5. */
export const letterOperations: Operations = {
  'letter.open': async (input) => {
    const { directory } = knownStatesIn(input);
    const nowSeconds = input.seconds('atSeconds');
    const sender = stateIdIn(input.hex('sender'));
    const address = {
      sender,
      recipient: stateIdIn(input.hex('recipient')),
      officer: input.text('officer'),
      kid: bytes32In(input, 'keyId'),
    };
    const letter = bytesIn(input, 'letter');
    const content = await openLetter(letter, bytes32In(input, 'privateKey'), address);
    const { view, atSeconds, purpose, note } = verifyLetter(content, sender, directory, nowSeconds);
    return {
      id: sha256Hex(letter),
      size: sizeOfLetter(decodeLetter(letter)),
      recordId: view.header.id,
      digests: [...view.disclosed.keys()],
      sealedAtSeconds: atSeconds,
      purpose,
      ...(note !== undefined && { note }),
    };
  },

  'letter.seal': async (input) => {
    const { directory } = knownStatesIn(input);
    const note = input.optionalText('note');
    const content = {
      record: input.hex('record'),
      disclosures: input.hexes('disclosures'),
      atSeconds: input.seconds('atSeconds'),
      purpose: input.text('purpose'),
      ...(note !== undefined && { note }),
    };
    const random = bytes32In(input, 'random');
    const given = input.object('officer');
    const to: KnownOfficer = {
      officer: verifyOfficer(given.hex('certificate'), directory),
      endedAtSeconds: given.optionalSeconds('endedAtSeconds') ?? null,
    };
    const letter = await sealLetter(content, stateIdIn(input.hex('sender')), to, () => random);
    return { letter: toHex(letter), id: sha256Hex(letter) };
  },
};

function bytes32In(input: Input, name: string): Uint8Array {
  const bytes = input.hex(name);
  if (bytes.length !== 32) throw new Fault('conformance.bad-input', `in.${name} has not 32 bytes`);
  return bytes;
}
