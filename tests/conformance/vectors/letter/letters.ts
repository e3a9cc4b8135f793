import { filled, hex } from '../cbor-text.ts';
import { ascending, type Disclosure } from '../record/text.ts';
import { arcadia, BEGIN_SECONDS, borealis, NOW_SECONDS } from '../states.ts';
import type { ValidCase, VectorFile } from '../vector.ts';
import { publicKeyOf } from './hpke.ts';
import {
  type Changes,
  contentOf,
  type LetterOptions,
  letterText,
  type Members,
  norm,
  opened,
  openInput,
  type RedNorm,
  redNorm,
} from './text.ts';

/** Letters that their officer opens (letter.md §2, §3). */
export function letters(): readonly VectorFile[] {
  return [opened('letters', [...contents(), ...sizes(), ...addresses(), ...others()])];
}

function taken(comment: string, options: LetterOptions, out: Members = {}, members: Members = {}): ValidCase {
  const { letter, id, ciphertext } = letterText(options);
  return {
    comment,
    in: openInput(hex(letter), members),
    out: {
      id: hex(id),
      size: ciphertext.length - 16,
      recordId: norm.signed.idText,
      digests: [hex(norm.title.digest)],
      sealedAtSeconds: NOW_SECONDS,
      purpose: 'incident-response',
      ...out,
    },
  };
}

const showing = (comment: string, parts: readonly Disclosure[]): ValidCase =>
  taken(
    comment,
    { content: [[2, parts.map(({ bytes }) => bytes)]] },
    { digests: ascending(parts).map(({ digest }) => hex(digest)) },
  );

const noting = (comment: string, note: string): ValidCase =>
  taken(comment, { content: [[5, note]] }, { note });

function contents(): readonly ValidCase[] {
  const { whole, title, kind } = norm;
  return [
    taken('the worked example', {}),
    showing('all parts', ascending([whole, title, kind])),
    showing('parts in descending order of their digests', [...ascending([title, kind])].reverse()),
    showing('no part: that there is such a record', []),
    taken('disclosures inside the record, which are not looked at', {
      content: [[1, norm.signed.view([kind])]],
    }),
    noting('a note of one character', 'n'),
    noting('a note of 1000 bytes in 500 characters', 'é'.repeat(500)),
    noting('a note of two lines, with a tab', 'For you,\n\tand for nobody else.'),
    taken('sealed at 0', { content: [[3, 0]] }, { sealedAtSeconds: 0 }),
    taken(
      'sealed in the last second of the year 9999',
      { content: [[3, 253_402_300_799]] },
      { sealedAtSeconds: 253_402_300_799 },
    ),
    taken('for a purpose that no registry has', { content: [[4, 'x.9-.-']] }, { purpose: 'x.9-.-' }),
  ];
}

/** A norm whose title is so long that a content with it has this many bytes. */
function normOfBytes(byteLength: number): { readonly norm: RedNorm; readonly content: Changes } {
  for (let length = byteLength; length > 0; length -= 1) {
    const sized = redNorm(arcadia, NOW_SECONDS, 't'.repeat(length));
    const content = contentWith(sized);
    const missing = byteLength - contentOf(content).length;
    if (missing === 0) return { norm: sized, content };
    if (missing < 0) length += missing + 1;
  }
  throw new RangeError('no title is so long');
}

const contentWith = ({ signed, title }: RedNorm): Changes => [
  [1, signed.message],
  [2, [title.bytes]],
];

function sizes(): readonly ValidCase[] {
  const sized = (byteLength: number, size: number): ValidCase => {
    const { norm: long, content } = normOfBytes(byteLength);
    return taken(
      `a content of ${byteLength} bytes, which makes a letter of ${size}`,
      { content },
      { size, recordId: long.signed.idText, digests: [hex(long.title.digest)] },
    );
  };
  return [sized(4_095, 4_096), sized(4_096, 16_384), sized(16_383, 16_384), sized(16_384, 65_536)];
}

function addresses(): readonly ValidCase[] {
  const longest = 'a'.repeat(64);
  const theirs = redNorm(borealis);
  return [
    taken('to an officer with an id of 64 characters', { address: [[3, longest]] }, {}, { officer: longest }),
    taken('under another certificate', { address: [[4, filled(0)]] }, {}, { keyId: '00'.repeat(32) }),
    taken(
      'from Borealis to an officer of Arcadia',
      {
        content: contentWith(theirs),
        address: [
          [1, borealis.id],
          [2, arcadia.id],
        ],
      },
      { recordId: theirs.signed.idText, digests: [hex(theirs.title.digest)] },
      { sender: borealis.idText, recipient: arcadia.idText },
    ),
  ];
}

function others(): readonly ValidCase[] {
  const key = filled(0x5b);
  const early = redNorm(arcadia, BEGIN_SECONDS);
  return [
    taken('with other randomness', { random: filled(0) }),
    taken('for another key', { publicKey: publicKeyOf(key) }, {}, { privateKey: hex(key) }),
    taken(
      'a record issued in the first second of its key',
      { content: contentWith(early) },
      { recordId: early.signed.idText, digests: [hex(early.title.digest)] },
    ),
    taken('opened by a clock that is 300 seconds behind', {}, {}, { atSeconds: NOW_SECONDS - 300 }),
    taken('opened long after it was sealed', {}, {}, { atSeconds: 253_402_300_799 }),
    taken(
      'known only by its sender',
      {},
      {},
      {
        charters: [hex(arcadia.charter)],
        certificates: [hex(arcadia.certificates.record)],
      },
    ),
  ];
}
