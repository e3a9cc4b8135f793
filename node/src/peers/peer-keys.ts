import { equalBytes, sha256, toHex } from '@comity/digest';
import { checkPeerEntry, listensLocally, type PeerEntry, type PeerTransport } from '@comity/exchange';
import {
  chartersOf,
  type VerifiedCharter,
  type VerifiedKeyCertificate,
  type VerifiedKeyState,
} from '@comity/identity';
import type { StateId } from '@comity/label';
import { TABLES, type WriteSet } from '@comity/store';
import type { Sovereign } from '../sovereign.ts';

type Certificates = readonly VerifiedKeyCertificate[];
export type DocumentKind = 'charter' | 'certificate' | 'recognition' | 'key-state' | 'contradiction';

/** Until when a key counts by what its state says of it; undefined where it does not count at all. */
type KeyEnd = (certificate: VerifiedKeyCertificate) => number | undefined;

/** The ends of keys as a directory knows them. */
export function keyEnds({ directory }: Pick<Sovereign, 'directory'>): KeyEnd {
  return ({ kid }) => {
    const known = directory.standingOf(kid);
    if (known?.standing === 'superseded') return known.fromSeconds;
    // A connection is made now, and what now is is after any theft that is known.
    return known?.standing === 'live' ? Number.POSITIVE_INFINITY : undefined;
  };
}

/** The peer as the exchange is to know it: its transport keys that count and have not expired, the newest first. */
export function peerEntryOf(
  { state, certificates }: { readonly state: StateId; readonly certificates: Certificates },
  atSeconds: number,
  endOf: KeyEnd = () => Number.POSITIVE_INFINITY,
): PeerEntry {
  const byKey = new Map<string, VerifiedKeyCertificate[]>();
  for (const each of certificates) {
    const endSeconds = each.usage === 'transport' ? endOf(each) : undefined;
    if (endSeconds === undefined) continue;
    const certificate = { ...each, notAfterSeconds: Math.min(each.notAfterSeconds, endSeconds) };
    if (certificate.notAfterSeconds <= Math.max(atSeconds, certificate.notBeforeSeconds)) continue;
    const kid = toHex(certificate.kid);
    byKey.set(kid, [...(byKey.get(kid) ?? []), certificate]);
  }
  const newest = (each: Certificates): number =>
    Math.max(...each.map(({ issuedAtSeconds }) => issuedAtSeconds));
  const transports = [...byKey.values()].sort((a, b) => newest(b) - newest(a)).map(transportOf);
  return { peer: state, transports };
}

/** One key with all its certificates: from the first on, as long as the next one begins before the last one ends. */
function transportOf(certificates: Certificates): PeerTransport {
  const [first, ...later] = certificates.toSorted((a, b) => a.notBeforeSeconds - b.notBeforeSeconds);
  const { publicKey, notBeforeSeconds } = first as VerifiedKeyCertificate;
  let { notAfterSeconds } = first as VerifiedKeyCertificate;
  for (const next of later) {
    if (next.notBeforeSeconds > notAfterSeconds) break;
    notAfterSeconds = Math.max(notAfterSeconds, next.notAfterSeconds);
  }
  const newest = certificates.reduce((a, b) => (b.issuedAtSeconds > a.issuedAtSeconds ? b : a));
  return { publicKey, addresses: newest.addresses ?? [], notBeforeSeconds, notAfterSeconds };
}

/** What a state's card changes about its keys. */
export interface KeyChange {
  readonly charter: VerifiedCharter;
  /** The key state that counts, if there is one. */
  readonly keyState: VerifiedKeyState | undefined;
  /** All that are known from then on. */
  readonly certificates: Certificates;
  readonly fresh: Certificates;
  readonly dropped: Certificates;
}

/** What a state shows of its keys, verified. */
export interface Offered {
  readonly certificates: Certificates;
  readonly keyState?: VerifiedKeyState | undefined;
}

/**
 * Takes certificates of a state into the directory, judged by everything that will judge them at the next start, before
 * anything of them is stored: what one hello could store and no start could read would end the node for good. Transport
 * certificates that have expired are forgotten: nothing that is held was signed with them.
 *
 * @param isReplacing whether `offered` takes the place of all that is known but record keys, with which records are read
 * @throws Fault as `KeyDirectory.add` and `checkPeerEntry`; then nothing has changed
 */
export function takeKeys(
  sovereign: Pick<Sovereign, 'directory' | 'config' | 'now'>,
  charter: VerifiedCharter,
  known: Certificates,
  { certificates: offered, keyState }: Offered,
  isReplacing = false,
): KeyChange {
  const atSeconds = sovereign.now();
  const isIn = (list: Certificates, { bytes }: VerifiedKeyCertificate): boolean =>
    list.some((each) => equalBytes(each.bytes, bytes));
  const isOver = ({ usage, notAfterSeconds }: VerifiedKeyCertificate): boolean =>
    usage === 'transport' && notAfterSeconds <= atSeconds;
  const fresh = offered.filter(
    (each, index) => !isOver(each) && !isIn(known, each) && !isIn(offered.slice(0, index), each),
  );
  const dropped = known.filter(
    (each) => isOver(each) || (isReplacing && each.usage !== 'record' && !isIn(offered, each)),
  );
  const certificates = [...known.filter((each) => !dropped.includes(each)), ...fresh];
  const entry = peerEntryOf({ state: charter.state, certificates }, atSeconds);
  checkPeerEntry(entry, listensLocally(sovereign.config.listen));
  const { directory } = sovereign;
  directory.add(charter, fresh, { dropped, keyState });
  const { state } = charter;
  return {
    charter: directory.charterOf(state) ?? charter,
    keyState: directory.keyStateOf(state),
    certificates,
    fresh,
    dropped,
  };
}

export function dropDocument(set: WriteSet, state: StateId, kind: DocumentKind, bytes: Uint8Array): void {
  set.delete(TABLES.documents, [state, kind, toHex(sha256(bytes))]);
}

export function putDocument(
  set: WriteSet,
  state: StateId,
  kind: DocumentKind,
  bytes: Uint8Array,
  storedAtSeconds: number,
): void {
  set.put(TABLES.documents, [state, kind, toHex(sha256(bytes))], { bytes, storedAtSeconds });
}

/** Makes the stored documents of a kind exactly these: rows of the others go, with rows that an earlier fault left. */
export async function replaceDocuments(
  { store, now }: Pick<Sovereign, 'store' | 'now'>,
  set: WriteSet,
  state: StateId,
  kind: DocumentKind,
  documents: readonly Uint8Array[],
): Promise<void> {
  const kept = new Map(documents.map((bytes) => [toHex(sha256(bytes)), bytes]));
  for (const { key } of await store.list(TABLES.documents, [state, kind])) {
    const [, , digest] = key;
    if (!kept.delete(digest)) set.delete(TABLES.documents, key);
  }
  for (const bytes of kept.values()) putDocument(set, state, kind, bytes, now());
}

/** Makes the stored documents about the keys of a state exactly those that are known. */
export async function replaceKeyDocuments(
  sovereign: Pick<Sovereign, 'store' | 'now'>,
  set: WriteSet,
  { charter, keyState, certificates }: Pick<KeyChange, 'charter' | 'keyState' | 'certificates'>,
): Promise<void> {
  const bytesOf = (documents: readonly { readonly bytes: Uint8Array }[]): Uint8Array[] =>
    documents.map(({ bytes }) => bytes);
  const { state } = charter;
  await replaceDocuments(sovereign, set, state, 'charter', bytesOf(chartersOf(charter)));
  await replaceDocuments(sovereign, set, state, 'certificate', bytesOf(certificates));
  await replaceDocuments(sovereign, set, state, 'key-state', keyState === undefined ? [] : [keyState.bytes]);
}
