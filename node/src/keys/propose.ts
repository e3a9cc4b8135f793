import { keyThumbprint } from '@comity/cose';
import { compareBytes, equalBytes, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import {
  type Charter,
  type Draft,
  decodeStateCard,
  draftOf,
  type EndedLog,
  type KeyCertificate,
  type KeyState,
  type KeyStateReason,
  type LogEnd,
  type LogEndReason,
  type Recognition,
  type RevokedKey,
  type SupersededKey,
  type VerifiedStateCard,
} from '@comity/identity';
import {
  charterDigestOf,
  checkedProposal,
  checkedRecognition,
  type KeyProposal,
  type RecognitionProposal,
} from './proposal.ts';

const DAY_SECONDS = 86_400;

/** When a proposal is made, and how long its key state is to be current. */
export interface Term {
  readonly atSeconds: number;
  readonly validDays: number;
}

/** A key that is to end. */
export interface Ending {
  /** Key id, or so many of its first digits that it is the only one. */
  readonly key: string;
  readonly fromSeconds: number;
  /** Revoked for this reason; superseded where there is none. */
  readonly reason?: KeyStateReason | undefined;
}

/** A key state with the same keys, for the next weeks. @throws as `checkedProposal` */
export function proposeRenewal(card: Uint8Array, term: Term): KeyProposal {
  return checkedProposal('renew', card, [nextKeyState(decodeStateCard(card), undefined, term)]);
}

/** @throws Fault ceremony.no-such-key; as `checkedProposal` */
export function proposeRevocation(card: Uint8Array, endings: readonly Ending[], term: Term): KeyProposal {
  const base = decodeStateCard(card);
  return checkedProposal('revoke', card, [nextKeyState(base, undefined, term, endings)]);
}

/**
 * A key state by which the log in use has ended: the next one begins (key-state.md 1.9).
 *
 * @param end the last tree of it that stands; null where nothing of it does
 * @throws as `checkedProposal`; cbor.shape where as many logs have ended as can
 */
export function proposeLogEnd(
  card: Uint8Array,
  end: LogEnd | null,
  reason: LogEndReason,
  term: Term,
): KeyProposal {
  const ended: EndedLog = { end, endedAtSeconds: term.atSeconds, reason };
  return checkedProposal('end-log', card, [
    nextKeyState(decodeStateCard(card), undefined, term, [], [], [ended]),
  ]);
}

/** A recognition of another state. @throws as `checkedRecognition` */
export function proposeRecognition(
  card: Uint8Array,
  subject: Uint8Array,
  recognition: Recognition,
): RecognitionProposal {
  return checkedRecognition(card, subject, [draftOf('recognition', recognition)]);
}

/** What a new charter is to change. */
export interface Rotation {
  /** Public keys to which the charter in force has committed. */
  readonly rootKeys: readonly Uint8Array[];
  /** Key ids to which the new one commits. */
  readonly nextKeyDigests: readonly Uint8Array[];
  /** How many of these will have to sign; as many as now where it is absent. */
  readonly nextThreshold?: number;
}

/** A charter that follows the one in force, and the first key state under it. @throws as `checkedProposal` */
export function proposeRotation(card: Uint8Array, rotation: Rotation, term: Term): KeyProposal {
  const base = decodeStateCard(card);
  const { charter: before } = base;
  const { code, names, algorithms, scheme, legalProfiles, contacts } = before;
  const charter: Charter = {
    ...{ code, names, algorithms, scheme, legalProfiles, contacts },
    nextThreshold: before.nextThreshold,
    ...rotation,
    version: before.version + 1,
    previous: before.digest,
    threshold: before.nextThreshold,
    issuedAtSeconds: term.atSeconds,
  };
  const drafts = [draftOf('charter', charter), nextKeyState(base, charter, term)];
  return checkedProposal('rotate', card, drafts);
}

/**
 * Certificates for new keys, which are live from then on; with `supersededFromSeconds`, live keys of the same usages end
 * then.
 *
 * @throws as `checkedProposal`
 */
export function proposeCertificates(
  card: Uint8Array,
  certificates: readonly KeyCertificate[],
  term: Term,
  supersededFromSeconds?: number,
): KeyProposal {
  const base = decodeStateCard(card);
  const kids = certificates.map(({ publicKey }) => keyThumbprint(publicKey));
  const usages = new Set(certificates.map(({ usage }) => usage));
  const live = liveKeys(base);
  const replaced = base.certificates.filter(
    ({ usage, kid }) => usages.has(usage) && has(live, kid) && !has(kids, kid),
  );
  const endings =
    supersededFromSeconds === undefined
      ? []
      : replaced.map(({ kid }) => ({ key: toHex(kid), fromSeconds: supersededFromSeconds }));
  const drafts: Draft[] = [
    ...certificates.map((certificate) => draftOf('keyCertificate', certificate)),
    nextKeyState(base, undefined, term, unique(endings), kids),
  ];
  return checkedProposal('certify', card, drafts);
}

function unique(endings: readonly Ending[]): readonly Ending[] {
  return [...new Map(endings.map((each) => [each.key, each])).values()];
}

/** The key state that goes on from the one in the card, under the charter that is in force then. */
function nextKeyState(
  base: VerifiedStateCard,
  charter: Charter | undefined,
  { atSeconds, validDays }: Term,
  endings: readonly Ending[] = [],
  added: readonly Uint8Array[] = [],
  endedNow: readonly EndedLog[] = [],
): Draft {
  const before = charter === undefined ? base.keyState : undefined;
  const known = base.keyState;
  const live = new Map([...liveKeys(base), ...added].map((kid) => [toHex(kid), kid]));
  const superseded = new Map<string, SupersededKey>(
    (known?.superseded ?? []).map((each) => [toHex(each.kid), each]),
  );
  const revoked = new Map<string, RevokedKey>((known?.revoked ?? []).map((each) => [toHex(each.kid), each]));
  for (const ending of endings) {
    const delegated = base.certificates.flatMap(({ kid, delegator }) =>
      delegator === undefined ? [] : [kid],
    );
    const kid = keyMeant(ending.key, endable([...live.values(), ...delegated], superseded, revoked));
    const name = toHex(kid);
    const { reason } = ending;
    // Superseded before, it does not count for longer by being revoked.
    const fromSeconds = Math.min(ending.fromSeconds, superseded.get(name)?.fromSeconds ?? ending.fromSeconds);
    live.delete(name);
    superseded.delete(name);
    if (reason === undefined) superseded.set(name, { kid, fromSeconds });
    else revoked.set(name, { kid, fromSeconds, reason });
  }
  const endedLogs = [...(known?.endedLogs ?? []), ...endedNow];
  const keyState: KeyState = {
    issuer: base.charter.state,
    charterDigest: charterDigestOf({ charter, base }),
    version: (before?.version ?? 0) + 1,
    previous: before?.digest ?? null,
    live: sorted([...live.values()], (kid) => kid),
    superseded: sorted([...superseded.values()], ({ kid }) => kid),
    revoked: sorted([...revoked.values()], ({ kid }) => kid),
    ...(endedLogs.length > 0 && { endedLogs }),
    issuedAtSeconds: atSeconds,
    expiresAtSeconds: atSeconds + validDays * DAY_SECONDS,
  };
  return draftOf('keyState', keyState);
}

/** Keys that are live by the card; without a key state all that are certified. */
function liveKeys({ keyState, certificates }: VerifiedStateCard): readonly Uint8Array[] {
  // What delegates have certified counts by them, and is named only to end it.
  return (
    keyState?.live ?? certificates.flatMap(({ kid, delegator }) => (delegator === undefined ? [kid] : []))
  );
}

/** Keys that can still end, each once: those that are live or delegated, and those that are superseded. */
function endable(
  kids: readonly Uint8Array[],
  superseded: ReadonlyMap<string, SupersededKey>,
  revoked: ReadonlyMap<string, RevokedKey>,
): readonly Uint8Array[] {
  const all = [...kids, ...[...superseded.values()].map(({ kid }) => kid)];
  const byName = new Map(all.map((kid) => [toHex(kid), kid]));
  return [...byName].flatMap(([name, kid]) => (revoked.has(name) ? [] : [kid]));
}

/** @throws Fault ceremony.no-such-key */
function keyMeant(text: string, kids: readonly Uint8Array[]): Uint8Array {
  const meant = kids.filter((kid) => toHex(kid).startsWith(text.toLowerCase()));
  const [kid, ...others] = meant;
  if (kid !== undefined && others.length === 0 && /^[0-9a-f]{8,64}$/i.test(text)) return kid;
  throw new Fault('ceremony.no-such-key', `${text} is the id of no key, or of several, that can still end`, {
    fields: { key: text, keys: meant.length },
  });
}

function has(kids: readonly Uint8Array[], kid: Uint8Array): boolean {
  return kids.some((each) => equalBytes(each, kid));
}

function sorted<T>(entries: readonly T[], kidOf: (entry: T) => Uint8Array): T[] {
  return [...entries].sort((a, b) => compareBytes(kidOf(a), kidOf(b)));
}
