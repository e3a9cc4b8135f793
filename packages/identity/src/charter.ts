import {
  array,
  bytes,
  defineShape,
  document,
  field,
  int,
  optionalField,
  refuseShape,
  type Shape,
  text,
  uint,
} from '@comity/cbor';
import { ALG_ED25519, keyThumbprint } from '@comity/cose';
import { sha256, toHex } from '@comity/digest';
import type { Signer } from '@comity/ed25519';
import { type DocumentFault, DocumentFaults, Fault } from '@comity/fault';
import {
  type ClassificationScheme,
  nameFaults,
  type StateCode,
  type StateId,
  schemeFaults,
  schemeShape,
  stateCodeShape,
  type TextMap,
  textMapShape,
} from '@comity/label';

import {
  duplicateFaults,
  identifierShape,
  lineShape,
  publicKeyFault,
  publicKeyShape,
  timeShape,
} from './form.ts';
import { decodeDocument, signDocument, verifyQuorum } from './signed-document.ts';

/** A point of contact of a state. */
export interface Contact {
  /** `diplomatic`, `technical`, `policy` or another role. */
  readonly role: string;
  /** How to reach it, for instance a `mailto:` or `tel:` address. */
  readonly reachability: string;
  /** BCP 47 tags of the languages it answers in. */
  readonly languages: readonly string[];
}

/**
 * The root document of a state, signed by itself. The digest of the first is the state's id. It carries what a rotation of
 * root keys needs: the digests of the next keys, so that whoever steals these keys cannot replace them (formats.md §5.2).
 */
export interface Charter {
  /** 1 for the first charter of a state. */
  readonly version: number;
  /** Digest of the payload of the charter before this one; of the first null. */
  readonly previous: Uint8Array | null;
  readonly code: StateCode;
  readonly names: TextMap;
  readonly rootKeys: readonly Uint8Array[];
  /** How many distinct root keys have to sign each document of the state. */
  readonly threshold: number;
  /** COSE key thumbprints of the keys that will sign the next charter. */
  readonly nextKeyDigests: readonly Uint8Array[];
  readonly nextThreshold: number;
  /** COSE algorithm numbers that signatures of this state use: Ed25519, -19. */
  readonly algorithms: readonly number[];
  readonly scheme: ClassificationScheme;
  /** Ids of the deadline profiles the state is under. */
  readonly legalProfiles: readonly string[];
  readonly contacts: readonly Contact[];
  readonly issuedAtSeconds: number;
  /** UTC seconds; no longer valid from this second on. */
  readonly expiresAtSeconds?: number;
}

declare const verified: unique symbol;

/** A charter whose signatures and content have been checked, with all before it. Made by `verifyCharter` and `verifyLaterCharter` alone. */
export interface VerifiedCharter extends Charter {
  readonly [verified]: true;
  /** Digest of the first charter, in hexadecimal form. */
  readonly state: StateId;
  /** The charters before this one, the first first. */
  readonly earlier: readonly VerifiedCharter[];
  /** SHA-256 of the payload, 32 bytes: the same whichever of the root keys signed. */
  readonly digest: Uint8Array;
  /** The signed document as received. */
  readonly bytes: Uint8Array;
}

/** Root keys of one state. */
const MAX_ROOT_KEYS = 16;
const MAX_CONTACTS = 16;

/** A state lives through this many charters. */
export const MAX_CHARTERS = 64;

const digestShape = bytes(32);
const previousShape: Shape<Uint8Array | null> = defineShape<Uint8Array | null>(
  (value) => (value === null ? null : digestShape.decode(value)),
  (digest) => (digest === null ? null : digestShape.encode(digest)),
);

/*
 * Keys on the wire: 4 and 6 as in CWT (RFC 8392), the others by name (formats.md §6, root-body).
 * contact: 1 role · 2 reachability · 3 languages
 */
const payloadShape: Shape<Charter> = document({
  version: field('v', int(-65_536, 65_535)),
  previous: field('prev', previousShape),
  code: field('code', stateCodeShape),
  names: field('names', textMapShape),
  rootKeys: field('keys', array(publicKeyShape, { min: 1, max: MAX_ROOT_KEYS })),
  threshold: field('k', uint(MAX_ROOT_KEYS)),
  nextKeyDigests: field('nextd', array(bytes(32), { min: 1, max: MAX_ROOT_KEYS })),
  nextThreshold: field('nextk', uint(MAX_ROOT_KEYS)),
  algorithms: field('algs', array(int(-65_536, 65_535), { min: 1, max: 8 })),
  scheme: field('scheme', schemeShape),
  legalProfiles: field('legal', array(identifierShape, { max: 32 })),
  contacts: field(
    'contacts',
    array(
      document({
        role: field(1, identifierShape),
        reachability: field(2, lineShape(256)),
        languages: field(
          3,
          array(text({ maxBytes: 11, pattern: /^[a-z]{2,3}(-[A-Za-z0-9]{2,4}){0,2}$/ }), { min: 1, max: 16 }),
        ),
      }),
      { max: MAX_CONTACTS },
    ),
  ),
  issuedAtSeconds: field(6, timeShape),
  expiresAtSeconds: optionalField(4, timeShape),
});

/** The form of a charter; whether it is a first one or a later one, number and digest have to say alike. */
export const charterShape: Shape<Charter> = defineShape<Charter>(
  (value) => assertPrevious(payloadShape.decode(value)),
  (charter) => payloadShape.encode(assertPrevious(charter)),
);

function assertPrevious(charter: Charter): Charter {
  if (charter.version === 1 && charter.previous !== null)
    refuseShape('null in version 1', charter.previous, 'prev');
  return charter;
}

/**
 * Checks a first charter: strict form, content without faults, signatures of the threshold of its own root keys. What it
 * says of itself is then certain; that it speaks for a state is for people to compare, by `fingerprint`.
 *
 * @throws Fault `cbor.*`, `cose.*`, `identity.wrong-document`, `identity.charter-version`, `identity.forged`;
 *   DocumentFaults with `identity.bad-threshold`, `identity.duplicate-key`, `identity.next-key-in-use`,
 *   `identity.unsupported-algorithm`, `identity.duplicate-entry`, `identity.bad-validity`, `ed25519.public-key-*`, `label.*`
 */
export function verifyCharter(bytes: Uint8Array): VerifiedCharter {
  const decoded = decodeDocument('charter', charterShape, bytes);
  assertFirst(decoded.content);
  const faults = charterFaults(decoded.content);
  if (faults.length > 0) throw new DocumentFaults(faults);
  verifyQuorum(decoded, decoded.content);
  const digest = sha256(decoded.sign.payload);
  return Object.freeze({
    ...decoded.content,
    state: toHex(digest) as StateId,
    digest,
    earlier: [],
    bytes,
  } as Omit<VerifiedCharter, typeof verified> as VerifiedCharter);
}

/** A later one counts only together with those before it: `verifyLaterCharter` (charter.md 2.8). */
function assertFirst({ version }: Charter): void {
  if (version === 1) return;
  throw new Fault('identity.charter-version', 'expected version 1, the first charter of a state', {
    fields: { expected: 1, version },
  });
}

/**
 * Signs a first charter with the state's own root keys and gives it back as `verifyCharter` accepts it.
 *
 * @throws as `verifyCharter`, before anything is signed where the content is at fault
 */
export async function issueCharter(charter: Charter, rootSigners: readonly Signer[]): Promise<Uint8Array> {
  assertFirst(charter);
  const faults = charterFaults(charter);
  if (faults.length > 0) throw new DocumentFaults(faults);
  return verifyCharter(await signDocument('charter', charterShape, charter, rootSigners)).bytes;
}

/** What is wrong in a charter by itself. */
export function charterFaults(charter: Charter): readonly DocumentFault[] {
  const rootKeyDigests = charter.rootKeys.map((key) =>
    key.length === 32 ? toHex(keyThumbprint(key)) : toHex(key),
  );
  const nextDigests = charter.nextKeyDigests.map(toHex);
  return [
    ...nameFaults(charter.names, ['names']),
    ...charter.rootKeys.flatMap((key, index) => publicKeyFault(key, ['rootKeys', index])),
    ...duplicateFaults(rootKeyDigests, 'identity.duplicate-key', ['rootKeys']),
    ...thresholdFaults(charter.threshold, rootKeyDigests.length, 'threshold'),
    ...duplicateFaults(nextDigests, 'identity.duplicate-key', ['nextKeyDigests']),
    ...nextDigests.flatMap((digest, index): DocumentFault[] => {
      if (!rootKeyDigests.includes(digest)) return [];
      const message = 'this key is already in use';
      return [{ code: 'identity.next-key-in-use', path: ['nextKeyDigests', index], message }];
    }),
    ...thresholdFaults(charter.nextThreshold, nextDigests.length, 'nextThreshold'),
    ...algorithmFaults(charter.algorithms),
    ...schemeFaults(charter.scheme, ['scheme']),
    ...duplicateFaults(charter.legalProfiles, 'identity.duplicate-entry', ['legalProfiles']),
    ...charter.contacts.flatMap(({ languages }, index) =>
      duplicateFaults(languages, 'identity.duplicate-entry', ['contacts', index, 'languages']),
    ),
    ...validityFaults(charter),
  ];
}

function thresholdFaults(threshold: number, count: number, name: string): readonly DocumentFault[] {
  if (Number.isInteger(threshold) && threshold >= 1 && threshold <= count) return [];
  return [
    { code: 'identity.bad-threshold', path: [name], message: `expected 1 to ${count}, got ${threshold}` },
  ];
}

function algorithmFaults(algorithms: readonly number[]): readonly DocumentFault[] {
  // Demanding an algorithm that nobody here can check would make every signature of the state worthless.
  if (algorithms.length === 1 && algorithms[0] === ALG_ED25519) return [];
  return [
    { code: 'identity.unsupported-algorithm', path: ['algorithms'], message: `expected only ${ALG_ED25519}` },
  ];
}

function validityFaults({ issuedAtSeconds, expiresAtSeconds }: Charter): readonly DocumentFault[] {
  if (expiresAtSeconds === undefined || expiresAtSeconds > issuedAtSeconds) return [];
  return [
    {
      code: 'identity.bad-validity',
      path: ['expiresAtSeconds'],
      message: 'expected a time after issuedAtSeconds',
    },
  ];
}
