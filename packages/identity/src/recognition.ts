import { array, bool, bytes, document, field, type Shape } from '@comity/cbor';
import { equalBytes } from '@comity/digest';
import type { Signer } from '@comity/ed25519';
import { type DocumentFault, DocumentFaults, Fault } from '@comity/fault';
import {
  checkLabel,
  checkLevelMap,
  type LabelCategories,
  type LevelMap,
  levelMapShape,
  levelOf,
  type StateCode,
  type StateId,
  stateCodeShape,
} from '@comity/label';

import type { VerifiedCharter } from './charter.ts';
import { chartersOf, signingCharter } from './charter-chain.ts';
import { identifierShape, stateClaimShape, timeShape } from './form.ts';
import { schemesConflict } from './scheme-conflict.ts';
import { decodeDocument, signDocument, verifyQuorum } from './signed-document.ts';
import { validityFaults } from './validity.ts';

/**
 * One state's acceptance of another state's charter, with what it grants it. Each side of a relation signs its own.
 */
export interface Recognition {
  readonly issuer: StateId;
  readonly subject: StateId;
  readonly subjectCode: StateCode;
  /** SHA-256 of the payload of the subject's charter, 32 bytes. */
  readonly charterDigest: Uint8Array;
  /** Level id in the issuer's scheme: the highest that may go to the subject. */
  readonly ceiling: string;
  /** Issuer's level to subject's level. */
  readonly outbound: LevelMap;
  /** Subject's level to issuer's level. */
  readonly inbound: LevelMap;
  /** The issuer's categories that the subject holds. */
  readonly categories: readonly LabelCategories[];
  /** Whether the subject belongs to the community that TLP:GREEN speaks of. */
  readonly community: boolean;
  readonly issuedAtSeconds: number;
  readonly notBeforeSeconds: number;
  /** UTC seconds; no longer valid from this second on. */
  readonly notAfterSeconds: number;
}

declare const verified: unique symbol;

/** A recognition whose signatures and content have been checked. Made by `verifyRecognition` alone. */
export interface VerifiedRecognition extends Recognition {
  readonly [verified]: true;
  /** Version of the issuer's charter whose root keys signed. */
  readonly charterVersion: number;
  /** The signed document as received. */
  readonly bytes: Uint8Array;
}

/** Keys on the wire: claims 1 iss, 2 sub, 4 exp, 5 nbf, 6 iat of CWT, the others by name. Categories: 1 set, 2 values. */
export const recognitionShape: Shape<Recognition> = document({
  issuer: field(1, stateClaimShape),
  subject: field(2, stateClaimShape),
  notAfterSeconds: field(4, timeShape),
  notBeforeSeconds: field(5, timeShape),
  issuedAtSeconds: field(6, timeShape),
  subjectCode: field('code', stateCodeShape),
  charterDigest: field('charter', bytes(32)),
  ceiling: field('ceiling', identifierShape),
  outbound: field('out', levelMapShape),
  inbound: field('in', levelMapShape),
  categories: field(
    'categories',
    array(
      document({
        set: field(1, identifierShape),
        values: field(2, array(identifierShape, { min: 1, max: 128 })),
      }),
      { max: 32 },
    ),
  ),
  community: field('community', bool),
});

/**
 * Whom a recognition names as its issuer and its subject, before anything of it is verified: for finding the charters to verify
 * it with.
 *
 * @throws Fault `cbor.*`, `cose.*`, `identity.wrong-document`
 */
export function namedParties(bytes: Uint8Array): { readonly issuer: StateId; readonly subject: StateId } {
  const { issuer, subject } = decodeDocument('recognition', recognitionShape, bytes).content;
  return { issuer, subject };
}

/**
 * Checks a recognition with the charter of the state that issued it and, where it is at hand, of the state it is about.
 * Without the second charter the level maps are checked on the issuer's side only: give both before you rely on a map of
 * a recognition that somebody else issued.
 *
 * @throws Fault `cbor.*`, `cose.*`, `identity.wrong-document`, `identity.wrong-issuer`, `identity.forged`;
 *   DocumentFaults as `checkRecognition`, without the second charter `identity.scheme-mismatch`
 */
export function verifyRecognition(
  bytes: Uint8Array,
  issuerCharter: VerifiedCharter,
  subjectCharter?: VerifiedCharter,
): VerifiedRecognition {
  const decoded = decodeDocument('recognition', recognitionShape, bytes);
  const recognition = decoded.content;
  if (recognition.issuer !== issuerCharter.state) {
    throw new Fault(
      'identity.wrong-issuer',
      'the recognition names another state as issuer than the charter is of',
    );
  }
  const signing = signingCharter(decoded, issuerCharter);
  verifyQuorum(decoded, signing);
  const faults =
    subjectCharter === undefined
      ? [...contentFaults(recognition, issuerCharter), ...issuerSideOfMaps(recognition, issuerCharter)]
      : checkRecognition(recognition, issuerCharter, subjectCharter);
  if (faults.length > 0) throw new DocumentFaults(faults);
  return Object.freeze({
    ...recognition,
    charterVersion: signing.version,
    bytes,
  }) as VerifiedRecognition;
}

/**
 * Signs a recognition with the issuer's root keys and gives it back as `verifyRecognition` accepts it.
 *
 * @throws as `verifyRecognition`, before anything is signed where the content is at fault
 */
export async function issueRecognition(
  recognition: Recognition,
  issuerCharter: VerifiedCharter,
  subjectCharter: VerifiedCharter,
  rootSigners: readonly Signer[],
): Promise<Uint8Array> {
  const faults = checkRecognition(recognition, issuerCharter, subjectCharter);
  if (faults.length > 0) throw new DocumentFaults(faults);
  const bytes = await signDocument('recognition', recognitionShape, recognition, rootSigners);
  return verifyRecognition(bytes, issuerCharter, subjectCharter).bytes;
}

/**
 * All faults of a recognition between two states; none if it is about this subject, its maps are between the two
 * schemes, complete on both sides and monotone, and ceiling and categories are the issuer's.
 *
 * Codes: `identity.wrong-issuer`, `identity.wrong-subject`, `identity.self-recognition`, `identity.bad-validity`,
 * `identity.unknown-level`, `identity.scheme-taken`, `label.unknown-category-set`,
 * `label.unknown-category`, `label.duplicate`, `label.unknown-map-level`, `label.map-not-monotone`, `label.wrong-scheme`
 */
export function checkRecognition(
  recognition: Recognition,
  issuerCharter: VerifiedCharter,
  subjectCharter: VerifiedCharter,
): readonly DocumentFault[] {
  const [ours, theirs] = [issuerCharter.scheme, subjectCharter.scheme];
  const faults = [...contentFaults(recognition, issuerCharter)];
  const fault = (code: DocumentFault['code'], path: string, message: string) =>
    faults.push({ code, path: [path], message });
  if (recognition.subject !== subjectCharter.state) {
    fault('identity.wrong-subject', 'subject', 'expected the state of the charter');
  }
  if (recognition.subjectCode !== subjectCharter.code) {
    fault('identity.wrong-subject', 'subjectCode', 'expected the code in the charter');
  }
  const { charterDigest } = recognition;
  // One that was recognised under an earlier charter is recognised under those that stand on it.
  if (!chartersOf(subjectCharter).some(({ digest }) => equalBytes(digest, charterDigest))) {
    fault('identity.wrong-subject', 'charterDigest', 'expected the digest of the charter');
  }
  // Two schemes under one id would turn the levels of one into false friends of the other (domain.md §1.6).
  if (schemesConflict(ours, theirs)) {
    fault('identity.scheme-taken', 'subject', 'the two states use one scheme id for different schemes');
  }
  const within = (path: string) => (found: DocumentFault) => ({ ...found, path: [path, ...found.path] });
  return [
    ...faults,
    ...checkLevelMap(recognition.outbound, ours, theirs).map(within('outbound')),
    ...checkLevelMap(recognition.inbound, theirs, ours).map(within('inbound')),
  ];
}

function contentFaults(
  recognition: Recognition,
  { state, scheme }: VerifiedCharter,
): readonly DocumentFault[] {
  const { issuer, subject, ceiling, categories } = recognition;
  const faults = [...validityFaults(recognition)];
  const fault = (code: DocumentFault['code'], path: DocumentFault['path'], message: string) =>
    faults.push({ code, path, message });

  if (issuer !== state) fault('identity.wrong-issuer', ['issuer'], 'expected the state of the charter');
  if (subject === state)
    fault('identity.self-recognition', ['subject'], 'expected another state than the issuer');
  if (levelOf(scheme, ceiling) === undefined) {
    fault('identity.unknown-level', ['ceiling'], `expected a level of the scheme ${scheme.id}`);
  }
  if (categories.length === 0) return faults;
  // Categories are checked by the rules of a label, at a level that certainly exists.
  const classification = scheme.levels[0]?.id ?? '';
  return [...faults, ...checkLabel({ scheme: scheme.id, classification, categories }, scheme)];
}

/** What can be said about the maps without the subject's charter. */
function issuerSideOfMaps(
  { outbound, inbound }: Recognition,
  { scheme }: VerifiedCharter,
): readonly DocumentFault[] {
  const faults: DocumentFault[] = [];
  const fault = (code: DocumentFault['code'], path: DocumentFault['path'], message: string) =>
    faults.push({ code, path, message });

  if (outbound.from !== scheme.id || inbound.to !== scheme.id || outbound.to !== inbound.from) {
    fault('identity.scheme-mismatch', ['outbound'], 'expected maps from the issuer to the subject and back');
  }
  for (const level of outbound.levels.keys()) {
    if (levelOf(scheme, level) !== undefined) continue;
    fault(
      'identity.unknown-level',
      ['outbound', 'levels', level],
      `expected a level of the scheme ${scheme.id}`,
    );
  }
  for (const [level, mapped] of inbound.levels) {
    if (levelOf(scheme, mapped) !== undefined) continue;
    fault(
      'identity.unknown-level',
      ['inbound', 'levels', level],
      `expected a level of the scheme ${scheme.id}`,
    );
  }
  return faults;
}
