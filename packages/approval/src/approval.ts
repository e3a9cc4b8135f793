import {
  array,
  bytes,
  defineShape,
  document,
  field,
  type Infer,
  oneOf,
  optionalField,
  type Shape,
  text,
} from '@comity/cbor';
import { documentId, verifySign1 } from '@comity/cose';
import { compareBytes, firstNotAscending, fromHex, toHex } from '@comity/digest';
import type { Signer } from '@comity/ed25519';
import { Fault } from '@comity/fault';
import { identifierShape, timeShape } from '@comity/identity';
import { stateIdShape } from '@comity/label';
import type { RecordId } from '@comity/record';
import type { OfficerRole } from './officer.ts';
import { assertInForce, type KnownOfficer, type OfficerDirectory } from './officer-directory.ts';
import { decodeStatement, type StatementKind, signStatement } from './signed-statement.ts';

/** An approval stands for at most a year: who wants to release later asks again. */
export const MAX_APPROVAL_SECONDS: number = 365 * 86_400;

/** Longest approval, as signed: as many digests as a record can have, and a reason. */
export const MAX_APPROVAL_BYTES = 32_768;

/** Longest reason, in bytes of UTF-8. */
export const MAX_REASON_BYTES = 1_000;

/** How far the clock of an officer may be ahead of the reader's (record.md 6.4). */
const CLOCK_TOLERANCE_SECONDS = 300;
const MAX_PARTS = 512;

/** A rule of a policy by its name, or a limit or reciprocity entry by its place (disclosure.md §6). */
const RULE = /^([a-z][a-z0-9-]{0,63}|(limits|reciprocity)\[(0|[1-9][0-9]{0,2})\])$/;

const digest = bytes(32);
const digestShape: Shape<string> = defineShape<string>(
  (value) => toHex(digest.decode(value)),
  (hex) => digest.encode(fromHex(hex)),
);

const digests = array(digest, { min: 1, max: MAX_PARTS });

/** One spelling for a set of digests: ascending, none twice. */
const partsShape: Shape<ReadonlySet<string>> = defineShape<ReadonlySet<string>>(
  (value) => {
    const list = digests.decode(value);
    const misplaced = firstNotAscending(list);
    if (misplaced >= 0) {
      throw new Fault('approval.parts-order', 'expected digests in strictly ascending order', {
        fields: { at: misplaced },
      });
    }
    return new Set(list.map(toHex));
  },
  (parts) => digests.encode([...parts].map(fromHex).sort(compareBytes)),
);

const approvalShape = document({
  /** The state that decides, whose officer this is. */
  state: field(1, stateIdShape),
  officer: field(2, identifierShape),
  decision: field(3, oneOf('approve', 'reject')),
  recordId: field(4, digestShape as Shape<string> as Shape<RecordId>),
  /** Digests of the parts it is about, in hexadecimal. */
  parts: field(5, partsShape),
  recipient: field(6, stateIdShape),
  mode: field(7, oneOf('push', 'query', 'relay', 'letter')),
  purpose: field(8, identifierShape),
  /** Name of the rule that asks for it, or `limits[n]`, `reciprocity[n]`. */
  rule: field(9, text({ maxBytes: 64, pattern: RULE })),
  /** Digest of that rule as it read when the officer looked, in hexadecimal. */
  ruleDigest: field(10, digestShape),
  /** When it was signed, UTC seconds. */
  atSeconds: field(11, timeShape),
  /** UTC seconds; counts no longer from this second on. */
  notAfterSeconds: field(12, timeShape),
  reason: optionalField(13, text({ minBytes: 1, maxBytes: MAX_REASON_BYTES, display: true })),
  /** The officer of the recipient that a letter is for; with mode `letter`, and only then. */
  addressee: optionalField(14, identifierShape),
});

/** What an officer says about the release of parts of a record to a state, under one rule. */
export interface Approval extends Infer<typeof approvalShape> {}

declare const verified: unique symbol;

/**
 * An approval by somebody who was an officer of the state when he signed it and is one at the time in question, or a
 * rejection by somebody who was one when he signed it. Made by `verifyApproval` and `takeApproval` alone. Of what it says the
 * decision makes use (disclosure.md §4).
 */
export interface VerifiedApproval extends Approval {
  readonly [verified]: true;
  /** SHA-256 of the signed document, in hexadecimal. */
  readonly id: string;
  /** Roles of the officer, from his certificate. */
  readonly roles: readonly OfficerRole[];
  /** UTC seconds from which on it counts no longer: its end, or, of an approval, that of its officer where that is earlier. */
  readonly untilSeconds: number;
  /** The approval as received. */
  readonly bytes: Uint8Array;
}

const APPROVAL: StatementKind<Approval> = {
  name: 'approval',
  shape: approvalShape as Shape<Approval>,
  maxBytes: MAX_APPROVAL_BYTES,
  wrongDocument: 'approval.wrong-document',
};

/**
 * Reads an approval without verifying it: for showing one, and for what a program has verified before it kept it.
 *
 * @throws Fault `cbor.*`, `cose.*`, `approval.wrong-document`, `approval.parts-order`
 */
export function readApproval(bytes: Uint8Array): Approval {
  return decodeStatement(APPROVAL, bytes).content;
}

/**
 * Checks an approval with the officers of the state that decides (approval.md §4): the key is that of the officer it names,
 * who was one when he signed; it has begun and not ended. What lets something go counts only while its officer is one. What
 * he rejected stays rejected after he is none any more: otherwise the end of an officer would release something.
 *
 * @param officers those of the deciding state
 * @param atSeconds the time at which it is to count, UTC seconds
 * @throws Fault `cbor.*`, `cose.*`, `ed25519.*`, `approval.wrong-document`, `approval.parts-order`, `approval.addressee`,
 *   `approval.unknown-officer`, `approval.wrong-officer`, `approval.bad-validity`, `approval.validity-too-long`,
 *   `approval.issued-in-future`, `approval.expired`, `officer.not-yet-valid`, `officer.expired`, `officer.ended`,
 *   `officer.unproven`
 */
export function verifyApproval(
  bytes: Uint8Array,
  officers: OfficerDirectory,
  atSeconds: number,
): VerifiedApproval {
  const { approval, known } = verifySigned(bytes, officers, atSeconds);
  // A statement dated before its time by whoever holds the key of a former officer lets nothing go.
  if (approval.decision === 'approve') assertInForce(known, atSeconds);
  return approval;
}

/**
 * Checks an approval that is handed in now: as `verifyApproval`, and whoever signs is an officer now, whatever he says. So
 * nobody who has the key of a former officer keeps anything back with a rejection that he dates back.
 *
 * @param atSeconds now, UTC seconds
 * @throws Fault as `verifyApproval`
 */
export function takeApproval(
  bytes: Uint8Array,
  officers: OfficerDirectory,
  atSeconds: number,
): VerifiedApproval {
  const { approval, known } = verifySigned(bytes, officers, atSeconds);
  assertInForce(known, atSeconds);
  return approval;
}

/** All but whether the officer is one at the time in question. */
function verifySigned(
  bytes: Uint8Array,
  officers: OfficerDirectory,
  atSeconds: number,
): { readonly approval: VerifiedApproval; readonly known: KnownOfficer } {
  const { sign1, kid, content } = decodeStatement(APPROVAL, bytes);
  assertAddressee(content);
  const known = officers.find(kid);
  if (known === undefined) {
    throw new Fault('approval.unknown-officer', 'the key is not that of an officer of the state');
  }
  const { officer } = known;
  if (content.state !== officer.state || content.officer !== officer.id) {
    throw new Fault('approval.wrong-officer', 'the key is that of another officer than the one named', {
      fields: { named: content.officer, officer: officer.id },
    });
  }
  verifySign1(sign1, officer.publicKey);
  assertPeriod(content);
  assertCounts(content, atSeconds);
  // What is kept back stays so, whoever has enrolled the officer: that nobody has proven him yet releases nothing.
  assertInForce(content.decision === 'reject' ? { ...known, isProven: true } : known, content.atSeconds);
  const id = toHex(documentId(sign1));
  const made = { ...content, id, roles: officer.roles, untilSeconds: untilSeconds(content, known), bytes };
  return { approval: Object.freeze(made) as VerifiedApproval, known };
}

function untilSeconds(
  { decision, notAfterSeconds }: Approval,
  { officer, endedAtSeconds }: KnownOfficer,
): number {
  if (decision === 'reject') return notAfterSeconds;
  return Math.min(notAfterSeconds, officer.notAfterSeconds, endedAtSeconds ?? notAfterSeconds);
}

/**
 * Signs an approval with the key of an officer. Whether that key is the officer's is found out by whoever verifies it.
 *
 * @throws Fault `cbor.shape`, `approval.bad-validity`, `approval.validity-too-long`, `approval.addressee`; whatever the signer throws
 */
export async function signApproval(approval: Approval, signer: Signer): Promise<Uint8Array> {
  assertPeriod(approval);
  assertAddressee(approval);
  return signStatement(APPROVAL, approval, signer);
}

function assertPeriod({ atSeconds, notAfterSeconds }: Approval): void {
  if (notAfterSeconds <= atSeconds) {
    throw new Fault('approval.bad-validity', 'the approval ends before, or when, it begins', {
      fields: { atSeconds, notAfterSeconds },
    });
  }
  if (notAfterSeconds - atSeconds > MAX_APPROVAL_SECONDS) {
    throw new Fault('approval.validity-too-long', `expected at most ${MAX_APPROVAL_SECONDS} seconds`, {
      fields: { atSeconds, notAfterSeconds },
    });
  }
}

/** Whoever lets something go to one person names the person. */
function assertAddressee({ mode, addressee }: Approval): void {
  if ((mode === 'letter') === (addressee !== undefined)) return;
  throw new Fault('approval.addressee', 'a letter has an officer as its addressee, and nothing else has one');
}

function assertCounts(approval: Approval, atSeconds: number): void {
  // Written as negations so that a time that is not a number is refused.
  if (!(approval.atSeconds <= atSeconds + CLOCK_TOLERANCE_SECONDS)) {
    throw new Fault(
      'approval.issued-in-future',
      `the approval is dated more than ${CLOCK_TOLERANCE_SECONDS} seconds ahead`,
      { fields: { issuedAtSeconds: approval.atSeconds, atSeconds } },
    );
  }
  if (!(atSeconds < approval.notAfterSeconds)) {
    throw new Fault('approval.expired', 'the approval has ended at the time in question', {
      fields: { notAfterSeconds: approval.notAfterSeconds, atSeconds },
    });
  }
}
