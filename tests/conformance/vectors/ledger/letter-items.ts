// Letters: their entries, and the pieces that they come in (ledger.md 1.10, 3.7).

import { cbor, type Entries, filled, hex, type Item, sha256 } from '../cbor-text.ts';
import { arcadia, changed } from '../states.ts';
import type { InvalidCase, Json, ValidCase, VectorFile } from '../vector.ts';
import { inHex, knowing, known, sampleNorm } from './items.ts';

type Changes = readonly (readonly [Item, Item | undefined])[];
type Members = { readonly [name: string]: Json };

const MOST = Number.MAX_SAFE_INTEGER;
const PIECE_BYTES = 65_536;

/** What has the form of a letter; nobody can open it. */
function letterOf(size: number): Buffer {
  return cbor([filled(0x0e), Buffer.alloc(size + 16, 0x0c)]);
}

const letter = letterOf(4_096);
const large = letterOf(65_536);

/** The entry of a letter to Anna; `changes` by key. */
function letterEntry(of: Buffer = letter, changes: Changes = []): Entries {
  return changed(
    [
      [1, 'letter'],
      [2, 'anna'],
      [3, sha256(of)],
      [4, 1_795_514_400],
    ],
    changes,
  );
}

export function letterItemsFiles(): readonly VectorFile[] {
  const entries = { topic: 'ledger', name: 'entries-of-letters', op: 'ledger.entry' };
  const items = { topic: 'ledger', name: 'items-of-letters', op: 'ledger.item' };
  const grammar = { entry: 'ledger-entry' };
  return [
    { ...entries, grammar, valid: readEntries() },
    { ...entries, invalid: refusedEntries() },
    { ...items, grammar, valid: judgedItems() },
    { ...items, invalid: refusedItems() },
  ];
}

const OUT = { kind: 'letter', officer: 'anna', letterId: hex(sha256(letter)), timeSeconds: 1_795_514_400 };

function readEntries(): readonly ValidCase[] {
  const read = (comment: string, changes: Changes, out: Members = {}): ValidCase => ({
    comment,
    in: { entry: hex(cbor(letterEntry(letter, changes))) },
    out: { ...OUT, ...out },
  });
  const to = (comment: string, officer: string): ValidCase => read(comment, [[2, officer]], { officer });
  return [
    read('a letter', []),
    to('to an officer whose id is one character', '7'),
    to('to an officer whose id has 64 characters', 'a'.repeat(64)),
    to('to an officer whose id has dots and hyphens', 'duty.desk-2'),
    read('written at 0', [[4, 0]], { timeSeconds: 0 }),
    read('written at 2^53 - 1', [[4, MOST]], { timeSeconds: MOST }),
  ];
}

function refusedEntries(): readonly InvalidCase[] {
  const of = (clause: string, comment: string, ...changes: Changes): InvalidCase => ({
    comment,
    in: { entry: hex(cbor(letterEntry(letter, changes))) },
    code: 'cbor.shape',
    clause,
  });
  return [
    ...[1, 2, 3, 4].map((key) => of('1.1', `a letter without its key ${key}`, [key, undefined])),
    of('1.1', 'a letter with a mode', [5, 'push']),
    of('1.1', 'a letter with a purpose', [6, 'incident-response']),
    of('1.2', 'a release with the keys of a letter', [1, 'release']),
    of('1.2', 'a kind that there is not', [1, 'note']),
    of('1.5', 'a letter before 1970', [4, -1]),
    of('1.10', 'to nobody', [2, '']),
    of('1.10', 'to an officer whose id has 65 characters', [2, 'a'.repeat(65)]),
    of('1.10', 'to an officer in capitals', [2, 'Anna']),
    of('1.10', 'to an officer whose id begins with a hyphen', [2, '-anna']),
    of('1.10', 'to the id of a state', [2, arcadia.id]),
    of('1.10', 'an id of 31 bytes', [3, filled(1, 31)]),
    of('1.10', 'an id as text', [3, hex(filled(1))]),
    of('1.10', 'a list of ids', [3, [filled(1)]]),
  ];
}

function input(entry: Entries, pieces: readonly Buffer[], members: Members = {}): Members {
  return { entry: hex(cbor(entry)), disclosures: pieces.map(hex), ...known, ...members };
}

function piecesOf(bytes: Buffer): readonly Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / PIECE_BYTES) }, (_, index) =>
    bytes.subarray(index * PIECE_BYTES, (index + 1) * PIECE_BYTES),
  );
}

function judgedItems(): readonly ValidCase[] {
  return [
    {
      comment: 'a letter in one piece',
      in: input(letterEntry(), [letter]),
      out: { letter: { ...OUT, size: 4_096 } },
    },
    {
      comment: 'a letter in two pieces',
      in: input(letterEntry(large), piecesOf(large)),
      out: { letter: { ...OUT, letterId: hex(sha256(large)), size: 65_536 } },
    },
    {
      comment: 'a letter of a state that is not known: the ledger that names it is looked at elsewhere',
      in: input(letterEntry(), [letter], { ...knowing(), atSeconds: 0 }),
      out: { letter: { ...OUT, size: 4_096 } },
    },
    { comment: 'a letter that comes bare', in: input(letterEntry(), []), out: { letter: OUT } },
  ];
}

function refusedItems(): readonly InvalidCase[] {
  const { signed, title } = sampleNorm(arcadia);
  const record = hex(signed.message);
  const mismatch = (
    comment: string,
    pieces: readonly Buffer[],
    members: Members = {},
    of: Buffer = letter,
  ): InvalidCase => ({
    comment,
    in: { ...input(letterEntry(of), pieces), ...members },
    code: 'node.item-mismatch',
    clause: '3.7',
  });
  const formed = (code: string, clause: string, comment: string, of: Buffer): InvalidCase => ({
    comment,
    in: input(letterEntry(of), [of]),
    code,
    clause,
  });
  const [first = letter, second = letter] = piecesOf(large);
  return [
    mismatch('a letter with a record', [letter], { record }),
    mismatch('a bare letter with a record', [], { record }),
    mismatch('another letter', [letterOf(16_384)]),
    mismatch('a disclosure in place of a letter', [], { disclosures: inHex([title]) }),
    mismatch('a letter with an empty piece', [letter, Buffer.alloc(0)]),
    mismatch('a letter cut too early', [letter.subarray(0, 100), letter.subarray(100)]),
    mismatch('pieces in another order', [second, first], {}, large),
    mismatch('without its last piece', [first], {}, large),
    mismatch('without its first piece', [second], {}, large),
    mismatch('in one piece where it needs two', [large], {}, large),
    formed('letter.wrong-size', '3.7', 'a letter a byte too short', letterOf(4_095)),
    formed('letter.wrong-size', '3.7', 'a letter of no size', letterOf(8_192)),
    formed('cbor.shape', 'letter 2.5', 'a letter that is a list of one', cbor([filled(0x0e)])),
    formed('cbor.truncated', 'cbor 1.1', 'a letter that is no document', Buffer.from([0x82])),
  ];
}
