import { array, bytes, document, field, type Infer, oneOf, optionalField, type Shape } from '@comity/cbor';
import { keyThumbprint, verifySign1 } from '@comity/cose';
import { PUBLIC_KEY_BYTES, type Signer } from '@comity/ed25519';
import { type DocumentFault, DocumentFaults, Fault, type FaultCode } from '@comity/fault';
import {
  confirmationShape,
  identifierShape,
  type KeyDirectory,
  lineShape,
  publicKeyFault,
  stateClaimShape,
  timeShape,
} from '@comity/identity';
import registry from '@comity/protocol/registries/officer-roles.json' with { type: 'json' };
import { isSealKey, SEAL_KEY_BYTES } from './seal-key.ts';
import { decodeStatement, type StatementKind, signStatement } from './signed-statement.ts';

/** What an officer may be asked to decide (protocol/registries/officer-roles.json). */
export type OfficerRole = 'officer' | 'release-authority' | 'administrator';

/** The roles, in the order in which they are shown. */
export const OFFICER_ROLES: readonly OfficerRole[] = Object.freeze(
  Object.keys(registry.roles) as OfficerRole[],
);

/** An officer is certified for at most as long as an operational key (charter.md 3.4): 400 days. */
export const MAX_OFFICER_SECONDS: number = 400 * 86_400;

/** Longest certificate of an officer, as signed. */
export const MAX_OFFICER_BYTES = 4_096;

/** Keys on the wire: claims 1 iss, 2 sub, 4 exp, 5 nbf, 6 iat, 7 cti, 8 cnf {1: COSE_Key} of CWT, the others by name. */
const officerShape = document({
  state: field(1, stateClaimShape),
  /** What the state calls its officer: one id, one person. */
  id: field(2, identifierShape),
  /** UTC seconds; no longer valid from this second on. */
  notAfterSeconds: field(4, timeShape),
  notBeforeSeconds: field(5, timeShape),
  issuedAtSeconds: field(6, timeShape),
  /** 16 bytes, fresh for each certificate. */
  certificateId: field(7, bytes(16)),
  /** Ed25519, 32 bytes. */
  publicKey: field(8, confirmationShape),
  /** For people. */
  name: field('name', lineShape(256)),
  roles: field(
    'roles',
    array(oneOf('officer', 'release-authority', 'administrator'), { min: 1, max: OFFICER_ROLES.length }),
  ),
  /** X25519, 32 bytes: what others seal letters to this officer with. */
  sealKey: optionalField('seal', bytes(SEAL_KEY_BYTES)),
});

/** What a state says of one of its officers: who it is, which key is his and what he may decide. */
export interface Officer extends Infer<typeof officerShape> {}

declare const verified: unique symbol;

/** A certificate of an officer whose signature and content have been checked. Made by `verifyOfficer` alone. */
export interface VerifiedOfficer extends Officer {
  readonly [verified]: true;
  /** COSE key thumbprint of `publicKey`, 32 bytes. */
  readonly kid: Uint8Array;
  /** The certificate as received. */
  readonly bytes: Uint8Array;
}

const OFFICER: StatementKind<Officer> = {
  name: 'officer',
  shape: officerShape as Shape<Officer>,
  maxBytes: MAX_OFFICER_BYTES,
  wrongDocument: 'officer.wrong-document',
};

/**
 * Checks the certificate of an officer with the keys that a node knows (approval.md §2). The record key that signed it must
 * have been valid when it was issued, by the certificate's own claim. Whether the officer is in force at a time is for
 * `OfficerDirectory` and `verifyApproval` to say.
 *
 * @throws Fault `cbor.*`, `cose.*`, `ed25519.*`, `identity.unknown-key`, `identity.wrong-usage`, `identity.not-yet-valid`,
 *   `identity.expired`, `identity.charter-expired`, `officer.wrong-document`, `officer.key-out-of-scope`; DocumentFaults
 *   with `officer.bad-validity`, `officer.validity-too-long`, `officer.duplicate-role`, `officer.key-reused`,
 *   `officer.bad-seal-key`, `ed25519.public-key-*`
 */
export function verifyOfficer(bytes: Uint8Array, directory: KeyDirectory): VerifiedOfficer {
  const { sign1, kid, content } = decodeStatement(OFFICER, bytes);
  const certificate = directory.resolve(kid, 'record', content.issuedAtSeconds, content.state);
  // Who may sign records of some types only must not make officers, who speak about all of them.
  if (certificate.scope.recordTypes !== undefined) {
    throw new Fault(
      'officer.key-out-of-scope',
      'the key may sign records of some types only, and no officers',
    );
  }
  verifySign1(sign1, certificate.publicKey);
  const faults = officerFaults(content, directory);
  if (faults.length > 0) throw new DocumentFaults(faults);
  return Object.freeze({ ...content, kid: keyThumbprint(content.publicKey), bytes }) as VerifiedOfficer;
}

/**
 * Certifies an officer with the state's record key and gives the certificate back as `verifyOfficer` accepts it.
 *
 * @throws as `verifyOfficer`, before anything is signed where the content is at fault
 */
export async function issueOfficer(
  officer: Officer,
  directory: KeyDirectory,
  recordSigner: Signer,
): Promise<VerifiedOfficer> {
  const faults = officerFaults(officer, directory);
  if (faults.length > 0) throw new DocumentFaults(faults);
  return verifyOfficer(await signStatement(OFFICER, officer, recordSigner), directory);
}

function officerFaults(officer: Officer, directory: KeyDirectory): readonly DocumentFault[] {
  const { publicKey, sealKey, roles, notBeforeSeconds, notAfterSeconds } = officer;
  const faults = [...publicKeyFault(publicKey, ['publicKey'])];
  const fault = (code: FaultCode, path: DocumentFault['path'], message: string) =>
    faults.push({ code, path, message });
  if (notAfterSeconds <= notBeforeSeconds) {
    fault('officer.bad-validity', ['notAfterSeconds'], 'expected a time after notBeforeSeconds');
  } else if (notAfterSeconds - notBeforeSeconds > MAX_OFFICER_SECONDS) {
    const message = `expected at most ${MAX_OFFICER_SECONDS} seconds`;
    fault('officer.validity-too-long', ['notAfterSeconds'], message);
  }
  for (const [index, role] of roles.entries()) {
    if (roles.indexOf(role) !== index) {
      fault('officer.duplicate-role', ['roles', index], 'this role stands twice');
    }
  }
  // A person's key signs what this person decides. A key of a state has its one use already (charter.md 3.3).
  if (publicKey.length === PUBLIC_KEY_BYTES && directory.isTaken(keyThumbprint(publicKey))) {
    fault('officer.key-reused', ['publicKey'], 'this key is a key of a state');
  }
  if (sealKey !== undefined && !isSealKey(sealKey)) {
    fault(
      'officer.bad-seal-key',
      ['sealKey'],
      'expected a coordinate below 2^255 - 19 and not of small order',
    );
  }
  return faults;
}
