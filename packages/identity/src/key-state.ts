import {
  array,
  bytes,
  defineShape,
  document,
  field,
  oneOf,
  optionalField,
  refuseShape,
  type Shape,
  tuple,
  uint,
} from '@comity/cbor';
import { keyThumbprint } from '@comity/cose';
import { compareBytes, equalBytes, sha256, toHex } from '@comity/digest';
import type { Signer } from '@comity/ed25519';
import { type DocumentFault, DocumentFaults, Fault } from '@comity/fault';
import type { StateId } from '@comity/label';

import type { Charter, VerifiedCharter } from './charter.ts';
import { duplicateFaults, stateClaimShape, timeShape } from './form.ts';
import { decodeDocument, signDocument, verifyQuorum } from './signed-document.ts';

/** Why a key was revoked. It is for people: each of them has the same effect (key-state.md §1). */
export type KeyStateReason = 'compromised' | 'lost' | 'misissued' | 'withdrawn';

export const KEY_STATE_REASONS: readonly KeyStateReason[] = ['compromised', 'lost', 'misissued', 'withdrawn'];

/** A key that another has taken the place of. What it signed before goes on counting. */
export interface SupersededKey {
  /** COSE key thumbprint, 32 bytes. */
  readonly kid: Uint8Array;
  /** UTC seconds; from this second on it signs nothing that counts. */
  readonly fromSeconds: number;
}

/** A key that somebody else may have used. */
export interface RevokedKey extends SupersededKey {
  readonly reason: KeyStateReason;
}

/** Why a state has ended its log. It is for people. */
export type LogEndReason = 'compromised' | 'lost';

export const LOG_END_REASONS: readonly LogEndReason[] = ['compromised', 'lost'];

/** The last tree of an ended log that its state stands by. */
export interface LogEnd {
  /** Leaves, at least one. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/** A log of what the state has issued that it does not continue (key-state.md 1.9). */
export interface EndedLog {
  /** Nothing beyond it is in the log; null where nothing of the log is. */
  readonly end: LogEnd | null;
  /** UTC seconds. */
  readonly endedAtSeconds: number;
  readonly reason: LogEndReason;
}

/** What a state says of all its keys that are not root keys. A key that is not in it counts for nothing. */
export interface KeyState {
  readonly issuer: StateId;
  /** Digest of the charter whose root keys sign. */
  readonly charterDigest: Uint8Array;
  /** 1 for the first under a charter. */
  readonly version: number;
  /** Digest of the payload of the version before, null for version 1. */
  readonly previous: Uint8Array | null;
  readonly live: readonly Uint8Array[];
  readonly superseded: readonly SupersededKey[];
  readonly revoked: readonly RevokedKey[];
  /** Generations of its log that have ended, the first first; absent where none has. The log in use is the one after them. */
  readonly endedLogs?: readonly EndedLog[] | undefined;
  readonly issuedAtSeconds: number;
  /** UTC seconds; from then on a newer one should be there. */
  readonly expiresAtSeconds: number;
}

declare const verified: unique symbol;

/** A key state whose signatures and content have been checked. Made by `verifyKeyState` alone. */
export interface VerifiedKeyState extends KeyState {
  readonly [verified]: true;
  /** SHA-256 of the payload, 32 bytes: the same whichever of the root keys signed. */
  readonly digest: Uint8Array;
  /** The signed document as received. */
  readonly bytes: Uint8Array;
}

/** A key state ends 7 to 30 days after its time of issue (formats.md §5.2). */
export const MIN_KEY_STATE_SECONDS: number = 7 * 86_400;
export const MAX_KEY_STATE_SECONDS: number = 30 * 86_400;

const MAX_VERSION = 4_294_967_295;
/** Keys in each list: with four new ones a year, more than a century of them. */
const MAX_KEYS = 512;
/** Logs that a state can end: each is a disaster. */
export const MAX_ENDED_LOGS: number = 8;

const kidShape = bytes(32);
const treeShape = tuple(uint(Number.MAX_SAFE_INTEGER), bytes(32));
const supersededShape: Shape<SupersededKey> = listed(
  tuple(kidShape, timeShape),
  ([kid, fromSeconds]) => ({
    kid,
    fromSeconds,
  }),
  ({ kid, fromSeconds }) => [kid, fromSeconds] as const,
);
const revokedShape: Shape<RevokedKey> = listed(
  tuple(kidShape, timeShape, oneOf('compromised', 'lost', 'misissued', 'withdrawn')),
  ([kid, fromSeconds, reason]) => ({ kid, fromSeconds, reason }),
  ({ kid, fromSeconds, reason }) => [kid, fromSeconds, reason] as const,
);

const logEndShape: Shape<LogEnd | null> = defineShape<LogEnd | null>(
  (value) => {
    if (value === null) return null;
    const [size, root] = treeShape.decode(value);
    if (size === 0) refuseShape('a size from 1 on, or null', size);
    return { size, root };
  },
  (end) => (end === null ? null : treeShape.encode([end.size, end.root])),
);
const endedLogShape: Shape<EndedLog> = listed(
  tuple(logEndShape, timeShape, oneOf('compromised', 'lost')),
  ([end, endedAtSeconds, reason]) => ({ end, endedAtSeconds, reason }),
  ({ end, endedAtSeconds, reason }) => [end, endedAtSeconds, reason] as const,
);

function listed<T, R>(row: Shape<T>, read: (row: T) => R, write: (entry: R) => T): Shape<R> {
  return defineShape<R>(
    (value) => read(row.decode(value)),
    (entry) => row.encode(write(entry)),
  );
}

const previousShape: Shape<Uint8Array | null> = defineShape<Uint8Array | null>(
  (value) => (value === null ? null : kidShape.decode(value)),
  (digest) => (digest === null ? null : kidShape.encode(digest)),
);

/** Keys on the wire: 1, 4 and 6 as in CWT (RFC 8392), the others by name. */
const contentShape: Shape<KeyState> = document({
  issuer: field(1, stateClaimShape),
  expiresAtSeconds: field(4, timeShape),
  issuedAtSeconds: field(6, timeShape),
  version: field('v', uint(MAX_VERSION)),
  endedLogs: optionalField('logs', array(endedLogShape, { min: 1, max: MAX_ENDED_LOGS })),
  live: field('live', array(kidShape, { max: MAX_KEYS })),
  previous: field('prev', previousShape),
  charterDigest: field('charter', kidShape),
  revoked: field('revoked', array(revokedShape, { max: MAX_KEYS })),
  superseded: field('superseded', array(supersededShape, { max: MAX_KEYS })),
});

/** The form of a key state. */
export const keyStateShape: Shape<KeyState> = defineShape<KeyState>(
  (value) => assertVersion(contentShape.decode(value)),
  (content) => contentShape.encode(assertVersion(content)),
);

function assertVersion(content: KeyState): KeyState {
  if (content.version < 1) refuseShape('a version from 1 on', content.version, 'v');
  if ((content.version === 1) !== (content.previous === null))
    refuseShape('null in version 1, and a digest in a later one', content.previous, 'prev');
  return content;
}

/**
 * Checks a key state with the charter of its state. No time is compared with a clock: see `keyStateAge`.
 *
 * @throws Fault `cbor.*`, `cose.*`, `identity.wrong-document`, `identity.wrong-issuer`, `identity.wrong-charter`,
 *   `identity.forged`; DocumentFaults with `identity.key-state-term`, `identity.duplicate-key`,
 *   `identity.unsorted-keys`, `identity.key-reused`, `identity.revoked-ahead`, `identity.log-end-time`
 */
export function verifyKeyState(document_: Uint8Array, charter: VerifiedCharter): VerifiedKeyState {
  const decoded = decodeDocument('keyState', keyStateShape, document_);
  const { content } = decoded;
  if (content.issuer !== charter.state)
    throw new Fault('identity.wrong-issuer', 'the key state names another state than the charter is of');
  if (!equalBytes(content.charterDigest, charter.digest))
    throw new Fault('identity.wrong-charter', 'the key state is under another charter of the state');
  verifyQuorum(decoded, charter);
  const faults = keyStateFaults(content, charter);
  if (faults.length > 0) throw new DocumentFaults(faults);
  return Object.freeze({
    ...content,
    digest: sha256(decoded.sign.payload),
    bytes: document_,
  }) as VerifiedKeyState;
}

/**
 * Of which state a key state says that it is, and under which charter. Nothing of it is verified.
 *
 * @throws Fault `cbor.*`, `cose.*`, `identity.wrong-document`
 */
export function namedCharter(bytes_: Uint8Array): Pick<KeyState, 'issuer' | 'charterDigest'> {
  const { issuer, charterDigest } = decodeDocument('keyState', keyStateShape, bytes_).content;
  return { issuer, charterDigest };
}

/**
 * Signs a key state with the root keys of the charter and gives it back as `verifyKeyState` accepts it.
 *
 * @throws as `verifyKeyState`, before anything is signed where the content is at fault
 */
export async function issueKeyState(
  keyState: KeyState,
  charter: VerifiedCharter,
  rootSigners: readonly Signer[],
): Promise<Uint8Array> {
  const faults = keyStateFaults(keyState, charter);
  if (faults.length > 0) throw new DocumentFaults(faults);
  return verifyKeyState(await signDocument('keyState', keyStateShape, keyState, rootSigners), charter).bytes;
}

/** How old a key state is: what was revoked since cannot be in it. A stale one counts, and is not said to be current. */
export function keyStateAge(
  { issuedAtSeconds, expiresAtSeconds }: KeyState,
  atSeconds: number,
): { readonly ageSeconds: number; readonly isStale: boolean } {
  return { ageSeconds: Math.max(0, atSeconds - issuedAtSeconds), isStale: !(atSeconds < expiresAtSeconds) };
}

/** What is wrong in a key state by itself, under a charter with these root keys. */
export function keyStateFaults(
  content: KeyState,
  charter: Pick<Charter, 'rootKeys' | 'nextKeyDigests'>,
): readonly DocumentFault[] {
  const { live, superseded, revoked, issuedAtSeconds, expiresAtSeconds, endedLogs = [] } = content;
  const term = expiresAtSeconds - issuedAtSeconds;
  const roots = new Set([
    ...charter.rootKeys.map((key) => toHex(keyThumbprint(key))),
    ...charter.nextKeyDigests.map(toHex),
  ]);
  const lists = {
    live,
    superseded: superseded.map(({ kid }) => kid),
    revoked: revoked.map(({ kid }) => kid),
  };
  const all = Object.values(lists).flat();
  const fault = (
    code: DocumentFault['code'],
    path: DocumentFault['path'],
    message: string,
  ): DocumentFault => ({
    code,
    path,
    message,
  });
  return [
    ...(term >= MIN_KEY_STATE_SECONDS && term <= MAX_KEY_STATE_SECONDS
      ? []
      : [
          fault(
            'identity.key-state-term',
            ['expiresAtSeconds'],
            'expected 7 to 30 days after the time of issue',
          ),
        ]),
    ...duplicateFaults(all.map(toHex), 'identity.duplicate-key', ['keys']),
    ...Object.entries(lists).flatMap(([name, kids]) =>
      isAscending(kids) ? [] : [fault('identity.unsorted-keys', [name], 'expected ascending key ids')],
    ),
    ...all.flatMap((kid) =>
      roots.has(toHex(kid)) ? [fault('identity.key-reused', ['keys'], 'a root key is listed')] : [],
    ),
    ...revoked.flatMap(({ fromSeconds }, index) =>
      fromSeconds <= issuedAtSeconds
        ? []
        : [fault('identity.revoked-ahead', ['revoked', index], 'expected a time that has come')],
    ),
    ...endedLogs.flatMap(({ endedAtSeconds }, index) =>
      endedAtSeconds <= issuedAtSeconds && endedAtSeconds >= (endedLogs[index - 1]?.endedAtSeconds ?? 0)
        ? []
        : [
            fault(
              'identity.log-end-time',
              ['endedLogs', index],
              'expected a time that has come, and not before that of the log before',
            ),
          ],
    ),
  ];
}

/** Ascending, but for what stands twice: that has a code of its own. */
function isAscending(kids: readonly Uint8Array[]): boolean {
  return kids.every((kid, index) => index === 0 || compareBytes(kids[index - 1] as Uint8Array, kid) <= 0);
}
