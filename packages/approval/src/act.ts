import { bytes, document, field, type Infer, optionalField, type Shape } from '@comity/cbor';
import { keyThumbprint, verifySign1 } from '@comity/cose';
import { equalBytes, toHex } from '@comity/digest';
import type { Signer } from '@comity/ed25519';
import { Fault } from '@comity/fault';
import {
  chartersOf,
  identifierShape,
  type KeyDirectory,
  timeShape,
  type VerifiedCharter,
} from '@comity/identity';
import { stateIdShape } from '@comity/label';
import { assertInForce, type KnownOfficer, type OfficerDirectory } from './officer-directory.ts';
import {
  type DecodedStatement,
  decodeStatement,
  type StatementKind,
  signStatement,
} from './signed-statement.ts';

/** Longest act, as signed. */
export const MAX_ACT_BYTES = 1_024;

/** How far the clock of whoever acts may be from the reader's when the act is handed in. */
export const ACT_TOLERANCE_SECONDS = 300;

const actShape = document({
  state: field(1, stateIdShape),
  /** Who acts; absent: the state itself, by its record key. */
  officer: optionalField(2, identifierShape),
  /** What is done, by the name of the operation. */
  act: field(3, identifierShape),
  /** What it is done to, 32 bytes: the id of a record, or a digest that the operation says how to make. */
  subject: field(4, bytes(32)),
  /** When it was signed, UTC seconds. */
  atSeconds: field(5, timeShape),
});

/** What somebody signs who does something at a node for which it has to be sure who he is (approval.md §8). */
export interface Act extends Infer<typeof actShape> {}

declare const verified: unique symbol;

/** An act by somebody who was an officer of the state when he signed it. Made by `verifyAct` and `takeAct` alone. */
export interface VerifiedAct extends Act {
  readonly [verified]: true;
  readonly officer: string;
  readonly known: KnownOfficer;
  /** As signed. */
  readonly bytes: Uint8Array;
}

const ACT: StatementKind<Act> = {
  name: 'act',
  shape: actShape as Shape<Act>,
  maxBytes: MAX_ACT_BYTES,
  wrongDocument: 'act.wrong-document',
};

/** What an act has to be: which, and about what. */
export type Expected = Pick<Act, 'act' | 'subject'>;

/**
 * Checks an act that is kept (approval.md §8): the key is that of the officer it names, who was one when he signed it, and it is
 * the act that is expected. Whether it is of now is not asked.
 *
 * @throws Fault `cbor.*`, `cose.*`, `ed25519.*`, `act.wrong-document`, `act.wrong-subject`, `approval.unknown-officer`,
 *   `approval.wrong-officer`, `officer.not-yet-valid`, `officer.expired`, `officer.ended`
 */
export function verifyAct(signed: Uint8Array, officers: OfficerDirectory, expected: Expected): VerifiedAct {
  const { sign1, kid, content } = decodeStatement(ACT, signed);
  const known = officers.find(kid);
  if (known === undefined)
    throw new Fault('approval.unknown-officer', 'the key is not that of an officer of the state');
  const { officer } = known;
  if (content.state !== officer.state || content.officer !== officer.id) {
    throw new Fault('approval.wrong-officer', 'the key is that of another officer than the one named', {
      fields: { named: content.officer ?? null, officer: officer.id },
    });
  }
  verifySign1(sign1, officer.publicKey);
  assertExpected(content, expected);
  assertInForce(known, content.atSeconds);
  return Object.freeze({ ...content, officer: officer.id, known, bytes: signed }) as VerifiedAct;
}

/**
 * Checks an act that is handed in now: as `verifyAct`, it was signed within five minutes of now, and whoever signs is an officer
 * now.
 *
 * @param atSeconds now, UTC seconds
 * @throws Fault as `verifyAct`, and `act.not-now`
 */
export function takeAct(
  signed: Uint8Array,
  officers: OfficerDirectory,
  expected: Expected,
  atSeconds: number,
): VerifiedAct {
  const act = verifyAct(signed, officers, expected);
  // Written as a negation so that a time that is not a number is refused.
  if (!(Math.abs(act.atSeconds - atSeconds) <= ACT_TOLERANCE_SECONDS)) {
    throw new Fault('act.not-now', `the act was not signed within ${ACT_TOLERANCE_SECONDS} seconds of now`, {
      fields: { signedAtSeconds: act.atSeconds, atSeconds },
    });
  }
  assertInForce(act.known, atSeconds);
  return act;
}

/**
 * Checks an act of the state itself, signed with a record key that was valid when it was signed.
 *
 * @throws Fault `cbor.*`, `cose.*`, `ed25519.*`, `identity.*`, `act.wrong-document`, `act.wrong-subject`
 */
export function verifyStateAct(
  signed: Uint8Array,
  directory: KeyDirectory,
  expected: Expected & Pick<Act, 'state'>,
): Act {
  const { sign1, kid, content } = decodeStatement(ACT, signed);
  const certificate = directory.resolve(kid, 'record', content.atSeconds, expected.state);
  verifySign1(sign1, certificate.publicKey);
  if (content.state !== expected.state || content.officer !== undefined)
    throw new Fault('act.wrong-subject', 'the act is not one of the state itself');
  assertExpected(content, expected);
  return content;
}

/** An act that a root key of a state has signed. How many of them it takes says the charter. */
export interface RootAct extends Act {
  /** Thumbprint of the root key, in hexadecimal. */
  readonly kid: string;
  /** The charter whose root key it is: each counts its own. */
  readonly charterVersion: number;
  readonly threshold: number;
}

/**
 * Checks an act that a root key of the state has signed (approval.md §9). It counts for the charter that has the key, until the
 * next one was issued: whoever has stolen former root keys signs nothing new with them.
 *
 * @throws Fault `cbor.*`, `cose.*`, `ed25519.*`, `identity.unknown-key`, `act.wrong-document`, `act.wrong-subject`
 */
export function verifyRootAct(signed: Uint8Array, charter: VerifiedCharter, expected: Expected): RootAct {
  const { sign1, kid, content } = decodeStatement(ACT, signed);
  const charters = chartersOf(charter);
  for (const [place, { rootKeys, version, threshold }] of charters.entries()) {
    const publicKey = rootKeys.find((key) => equalBytes(keyThumbprint(key), kid));
    const untilSeconds = charters[place + 1]?.issuedAtSeconds ?? Number.POSITIVE_INFINITY;
    if (publicKey === undefined || !(content.atSeconds < untilSeconds)) continue;
    verifySign1(sign1, publicKey);
    if (content.state !== charter.state || content.officer !== undefined)
      throw new Fault('act.wrong-subject', 'the act is not one of the state itself');
    assertExpected(content, expected);
    return { ...content, kid: toHex(kid), charterVersion: version, threshold };
  }
  throw new Fault('identity.unknown-key', 'no charter of the state has this root key at that time');
}

/**
 * Reads an act without verifying it.
 *
 * @throws Fault `cbor.*`, `cose.*`, `act.wrong-document`
 */
export function readAct(signed: Uint8Array): DecodedStatement<Act>['content'] {
  return decodeStatement(ACT, signed).content;
}

/** Signs an act. Whether the key is that of whoever it names is found out by whoever verifies it. @throws Fault `cbor.shape` */
export function signAct(act: Act, signer: Signer): Promise<Uint8Array> {
  return signStatement(ACT, act, signer);
}

function assertExpected(content: Act, { act, subject }: Expected): void {
  if (content.act === act && equalBytes(content.subject, subject)) return;
  throw new Fault('act.wrong-subject', 'another act than is asked for, or one about something else', {
    fields: { act: content.act, expected: act },
  });
}
