// What the dossiers of the vectors are about: an incident of Arcadia, logged, cosigned, and told to Borealis.

import { cbor, type Entries, hex, map, record } from '../cbor-text.ts';
import { cimmeria } from '../chain/story.ts';
import { LedgerText } from '../ledger/text.ts';
import {
  checkpointText,
  cosignatureLine,
  inclusionProof,
  noteLine,
  originOf,
  treeRoot,
  witnessNameOf,
} from '../log/text.ts';
import {
  type Disclosure,
  digestList,
  field,
  openLabel,
  overall,
  type RecordOptions,
  type RecordText,
  recordText,
  restrictedLabel,
} from '../record/text.ts';
import type { KeyPair } from '../signing.ts';
import { arcadia, borealis, NOW_SECONDS, type State } from '../states.ts';
import {
  certificate,
  charter,
  type DocumentPart,
  type Members,
  type NotificationPart,
  type RecordPart,
  WITHOUT_PROOF,
} from './scene.ts';

export { cimmeria };

const english = (text: string): Entries => record({ en: text });
export const title = field('title', english('Ransomware at a hospital'));
export const victim = field('victim', record({ name: 'Hospital of Saint Alban' }), {
  label: restrictedLabel,
});

/** An incident of Arcadia with title and victim. */
export function incident(subject: string, options: Partial<RecordOptions> = {}): RecordText {
  return recordText({
    issuer: arcadia,
    subject: `incident/${subject}`,
    envelope: openLabel,
    body: [overall(restrictedLabel, subject), title, victim],
    ...options,
  });
}

export const told: RecordText = incident('hospital');

/** What is said of a record whose form is right. */
export function saysOf({
  issuer = arcadia,
  issuedAtSeconds = NOW_SECONDS,
  subject = 'incident/hospital',
} = {}): Members {
  return { issuer: issuer.idText, subject, issuedAtSeconds };
}

/** The incident, with its title disclosed, and nothing wrong with it. */
export const toldPart: RecordPart = {
  text: told,
  disclosures: [title],
  verdict: 'VALID',
  steps: WITHOUT_PROOF,
  out: { ...saysOf(), disclosed: 1, undisclosed: 3 },
};

export const arcadianKeys: readonly DocumentPart[] = [charter(arcadia), certificate(arcadia, 'record')];
/** What every step of the story needs. */
export const allKeys: readonly DocumentPart[] = [
  ...arcadianKeys,
  certificate(arcadia, 'log'),
  charter(borealis),
  certificate(borealis, 'witness'),
];

/** The log of Arcadia: the incident between others. */
export const leaves: readonly Buffer[] = ['a', 'b', 'hospital', 'c', 'd'].map((each) => incident(each).id);
export const INDEX = 2;
export const origin: string = originOf(arcadia);

/** A log proof of a leaf, with any checkpoint text and signature lines, which are put in order. */
export function proofOf(
  lines: (text: string) => readonly string[],
  {
    of = leaves,
    index = INDEX,
    text = checkpointText(origin, of.length, treeRoot(of)),
    hashes = inclusionProof(index, of),
    header = 'c2sp.org/tlog-proof@v1\n',
    sorted = true,
  }: {
    of?: readonly Buffer[];
    index?: number;
    text?: string;
    hashes?: readonly Buffer[];
    header?: string;
    sorted?: boolean;
  } = {},
): string {
  const signed = sorted
    ? [...lines(text)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    : lines(text);
  const path = hashes.map((hash) => `${hash.toString('base64')}\n`).join('');
  return `${header}index ${index}\n${path}\n${text}\n${signed.join('')}`;
}

/** A signature line over the text of a checkpoint. */
export type Line = (text: string) => string;

/** The line of Arcadia's log key. */
export const byLog =
  (key: KeyPair = arcadia.keys.log) =>
  (text: string): string =>
    noteLine(text, origin, key);
/** A cosignature of a state. */
export const by =
  (state: State, timeSeconds: number | bigint, key: KeyPair = state.keys.witness) =>
  (text: string): string =>
    cosignatureLine(text, timeSeconds, witnessNameOf(state), key);
/** Each of these lines. */
export const lines =
  (...each: readonly Line[]) =>
  (text: string): readonly string[] =>
    each.map((line) => line(text));

export const COSIGNED_SECONDS = NOW_SECONDS - 200;

/** The entry of a ledger for parts of a record. */
export function entryOf(
  { id }: Pick<RecordText, 'id'>,
  disclosures: readonly Disclosure[],
  mode = 'push',
  timeSeconds: number = NOW_SECONDS - 300,
): Buffer {
  return cbor(
    map(
      [1, 'release'],
      [2, id],
      [3, digestList(disclosures)],
      [4, timeSeconds],
      [5, mode],
      [6, 'incident-response'],
    ),
  );
}

export const entry: Buffer = entryOf(told, [title]);
/** The ledger of Arcadia for Borealis, in which the entry is the second of three. */
export const ledger: LedgerText = new LedgerText([
  entryOf(incident('a'), []),
  entry,
  entryOf(incident('b'), []),
]);
export const ENTRY_INDEX = 1;
export const RECEIVED_SECONDS = NOW_SECONDS - 200;

/** The log proof of an entry of a ledger. */
export function ledgerProof(of: LedgerText, index: number, key: KeyPair = of.sender.keys.log): string {
  const path = inclusionProof(index, of.entries).map((hash) => `${hash.toString('base64')}\n`);
  return `c2sp.org/tlog-proof@v1\nindex ${index}\n${path.join('')}\n${of.checkpoint(of.entries.length, key)}`;
}

/** Which of the digests of an entry the file shows: those of the first list, and not those of the second. */
export function toldOf(shown: readonly Disclosure[], hidden: readonly Disclosure[] = []): Members {
  const of = (list: readonly Disclosure[], isShown: boolean) =>
    list.map((each) => ({ digest: hex(each.digest), shown: isShown }));
  const told = [...of(shown, true), ...of(hidden, false)].sort((a, b) => (a.digest < b.digest ? -1 : 1));
  return { digests: told.map(({ digest }) => digest), told };
}

/** What is said of the notification where its entry can be read. */
export const SAYS_OF_ENTRY: Members = {
  recordId: told.idText,
  ...toldOf([title]),
  timeSeconds: NOW_SECONDS - 300,
  mode: 'push',
  purpose: 'incident-response',
};

/** Borealis was told of the title, and says so. */
export const notified: NotificationPart = {
  sender: arcadia,
  recipient: borealis,
  entry,
  proof: ledgerProof(ledger, ENTRY_INDEX),
  receipt: ledger.receipt(3, RECEIVED_SECONDS),
  verdict: 'VALID',
  out: { ...SAYS_OF_ENTRY, receivedAtSeconds: RECEIVED_SECONDS },
};
