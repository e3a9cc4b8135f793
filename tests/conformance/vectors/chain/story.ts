// One story, told by documents of every chapter: Cimmeria issues an incident, logs it, releases three of its parts to Doria,
// and Doria gives a receipt. Each document is made from the bytes of those before it.

import { cbor, type Entries, hex, type Item, map, record, sha256 } from '../cbor-text.ts';
import { itemOf, LedgerText } from '../ledger/text.ts';
import {
  COSIGNATURE_TYPE,
  checkpointText,
  cosignatureLine,
  inclusionProof,
  NOTE_TYPE,
  originOf,
  signedCheckpoint,
  treeRoot,
  vkeyOf,
  witnessNameOf,
} from '../log/text.ts';
import {
  ascending,
  type Disclosure,
  element,
  field,
  overall,
  type RecordText,
  recordText,
  withheldElements,
} from '../record/text.ts';
import { keyPair, signMany } from '../signing.ts';
import { BEGIN_SECONDS, changed, END_SECONDS, NOW_SECONDS, type State, state, typ } from '../states.ts';

const english = (text: string): Entries => record({ en: text });

function schemeOf(id: string, levels: readonly string[]): Entries {
  const list = levels.map((level, order) => map([1, level], [2, english(level)], [3, order]));
  return map([1, id], [2, english(`Scheme ${id}`)], [3, list], [4, []]);
}

function named(name: string, nextSeed: number): readonly (readonly [Item, Item])[] {
  return [
    ['legal', ['nis2']],
    ['names', english(name)],
    ['nextd', [keyPair(nextSeed).keyId]],
    ['contacts', []],
  ];
}

export const cimmeria: State = state(
  'XCI',
  [0x51, 0x52],
  0x61,
  schemeOf('xci-2026', ['open', 'restricted', 'secret']),
  named('Cimmeria', 0x53),
);
export const doria: State = state(
  'XDO',
  [0x54],
  0x71,
  schemeOf('xdo-2026', ['public', 'closed']),
  named('Doria', 0x55),
);

const toDoria = map([1, 'xci-2026'], [2, 'xdo-2026'], [3, record({ open: 'public', restricted: 'closed' })]);
const toCimmeria = map(
  [1, 'xdo-2026'],
  [2, 'xci-2026'],
  [3, record({ public: 'open', closed: 'restricted' })],
);

/** Cimmeria recognises Doria; `changes` of the payload. */
export function recognitionPayloadOf(changes: readonly (readonly [Item, Item])[] = []): Entries {
  return changed(
    [
      [1, cimmeria.idText],
      [2, doria.idText],
      [4, END_SECONDS],
      [5, BEGIN_SECONDS],
      [6, BEGIN_SECONDS],
      ['in', toCimmeria],
      ['out', toDoria],
      ['code', 'XDO'],
      ['ceiling', 'restricted'],
      ['charter', doria.id],
      ['community', false],
      ['categories', []],
    ],
    changes,
  );
}

export const signedRecognition = (payload: Entries): Buffer =>
  signMany(cimmeria.rootKeys, cbor(payload), typ('recognition'));

/** A label of Cimmeria that releases to Doria. */
const labelOf = (level: string, tlp: string): Entries =>
  map([1, 'xci-2026'], [2, level], [3, tlp], [5, [doria.id]]);
export const openLabel = labelOf('open', 'GREEN');
export const restrictedLabel = labelOf('restricted', 'AMBER');

const first = element(record({ id: 'i-1', type: 'ip-dst', value: '192.0.2.7' }));
const second = element(record({ id: 'i-2', type: 'domain', value: 'mail.example' }), {
  label: restrictedLabel,
});
export const indicatorsContent = withheldElements([first, second], 'chain');
const indicators = field('indicators', indicatorsContent);
const title = field('title', english('Ransomware at a hospital'));
const victim = field('victim', record({ name: 'Hospital of Saint Alban' }), { label: restrictedLabel });

export const parts = { title, victim, indicators, first, second };

function incident(subject: string, own: readonly Disclosure[]): RecordText {
  return recordText({
    issuer: cimmeria,
    subject,
    envelope: openLabel,
    body: [overall(restrictedLabel, subject), ...own],
  });
}

export const told: RecordText = incident('incident/told', [title, victim, indicators]);
export const otherTitle = field('title', english('Another matter'));
/** Another record of Cimmeria. */
export const other: RecordText = incident('incident/other', [otherTitle]);

/** The same incident, signed with the key that Cimmeria has for logs. */
export const byLogKey: RecordText = recordText({
  issuer: cimmeria,
  subject: 'incident/told',
  envelope: openLabel,
  key: cimmeria.keys.log,
});

/** What Doria is shown: the title, and one of two indicators in their list. */
export const released: readonly Disclosure[] = ascending([title, indicators, first]);

/** The log of what Cimmeria has issued: two records before, two after. */
const issued = [other.id, ...['a', 'b', 'c'].map((name) => incident(`incident/${name}`, []).id)];
export const logged: readonly Buffer[] = issued.toSpliced(2, 0, told.id);
export const LOG_INDEX = 2;
export const logOrigin = originOf(cimmeria);
export const logRoot = treeRoot(logged);
export const logProof = inclusionProof(LOG_INDEX, logged);
export const logVkey = vkeyOf(logOrigin, NOTE_TYPE, cimmeria.keys.log);
export const logText = checkpointText(logOrigin, logged.length, logRoot);
export const logCheckpoint = signedCheckpoint(logOrigin, logged.length, logRoot, cimmeria.keys.log);
export const COSIGNED_SECONDS = NOW_SECONDS + 60;
export const witnessVkey = vkeyOf(witnessNameOf(doria), COSIGNATURE_TYPE, doria.keys.witness);
export const cosignature = cosignatureLine(
  logText,
  COSIGNED_SECONDS,
  witnessNameOf(doria),
  doria.keys.witness,
);
/** The checkpoint of the log before the record was in it. */
export const earlierText = checkpointText(logOrigin, LOG_INDEX, treeRoot(logged.slice(0, LOG_INDEX)));

/** A log proof of a leaf (log.md §8). */
export function proofText(index: number): string {
  const hashes = inclusionProof(index, logged).map((hash) => `${hash.toString('base64')}\n`);
  return `c2sp.org/tlog-proof@v1\nindex ${index}\n${hashes.join('')}\n${logCheckpoint}${cosignature}`;
}

/** An entry of the ledger: these parts of a record. */
export function entryOf({ id }: RecordText, disclosures: readonly Disclosure[]): Buffer {
  const digests = ascending(disclosures).map(({ digest }) => digest);
  return cbor(
    map([1, 'release'], [2, id], [3, digests], [4, NOW_SECONDS + 120], [5, 'push'], [6, 'incident-response']),
  );
}

export const entry = entryOf(told, released);
/** What was released before stands before it in the ledger. */
export const ledger: LedgerText = new LedgerText([entryOf(other, [otherTitle]), entry], cimmeria, doria);
export const RECEIVED_SECONDS = NOW_SECONDS + 125;
export const receipt = ledger.receipt(2, RECEIVED_SECONDS);
/** The same ledger with the other record in its place. */
export const swapped: LedgerText = new LedgerText(
  [ledger.entries[1] as Buffer, ledger.entries[0] as Buffer],
  cimmeria,
  doria,
);

/** The item as it travels. */
export const item = itemOf(
  entry,
  told.message,
  released.map(({ bytes }) => bytes),
);

export const digestsOf = (disclosures: readonly Disclosure[]): readonly string[] =>
  ascending(disclosures).map(({ digest }) => hex(digest));
export const leafHashOf = (id: Uint8Array): string => hex(sha256(Buffer.from([0]), id));
