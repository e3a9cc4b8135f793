// What norm.status is given, and what it says (record-types.md §8, 10.2).

import { hex } from '../cbor-text.ts';
import { encoded, valid } from '../record/inputs.ts';
import type { RecordText } from '../record/text.ts';
import { arcadia, BEGIN_SECONDS, type State } from '../states.ts';
import type { Json, ValidCase } from '../vector.ts';
import { type CommitmentFields, english, STATES } from './norm-records.ts';

/** Everything that an issuer holds: nothing of it is unknown to a reader. */
export const whole = (text: RecordText): Buffer => text.view([...text.parts, ...text.decoys]);

export interface Given {
  readonly norm: RecordText | Uint8Array;
  readonly commitments?: readonly (RecordText | Uint8Array)[];
  readonly retractions?: readonly (RecordText | Uint8Array)[];
  readonly atSeconds: number;
  /** Those whose charters and certificates are known. Default: all three. */
  readonly states?: readonly State[];
}

export function statusInput({
  norm: about,
  commitments = [],
  retractions = [],
  atSeconds,
  states = STATES,
}: Given): ValidCase['in'] {
  const bytesOf = (given: RecordText | Uint8Array): string =>
    hex(given instanceof Uint8Array ? given : whole(given));
  return {
    norm: bytesOf(about),
    commitments: commitments.map(bytesOf),
    retractions: retractions.map(bytesOf),
    charters: states.map(({ charter }) => hex(charter)),
    certificates: states.map(({ certificates }) => hex(certificates.record)),
    atSeconds,
  };
}

export interface ExpectedAct extends CommitmentFields {
  readonly of: RecordText;
  readonly act: string;
  readonly issuedAtSeconds?: number;
  readonly fromSeconds?: number;
  readonly ceased?: string;
  readonly unknown?: readonly string[];
}

/** An act of a status, by default issued at the begin and in effect from its issue. */
export function act(expected: ExpectedAct): Json {
  const {
    of,
    act: word,
    issuedAtSeconds = BEGIN_SECONDS,
    provisions,
    legalBasis,
    ceased,
    unknown = [],
  } = expected;
  return {
    ...{ id: of.idText, act: word, issuedAtSeconds, unknown },
    fromSeconds: expected.fromSeconds ?? issuedAtSeconds,
    ...(provisions !== undefined && { provisions }),
    ...(legalBasis !== undefined && { legalBasis: encoded(english(legalBasis)) }),
    ...(ceased !== undefined && { ceased }),
  };
}

export interface ExpectedState {
  readonly state?: State;
  readonly standing: string;
  readonly since?: number;
  readonly leaves?: number;
  readonly acts?: readonly Json[];
  readonly pending?: readonly Json[];
}

export interface ExpectedIgnored {
  readonly of: RecordText;
  readonly reason: string;
  readonly provisions?: readonly string[];
}

export interface ExpectedStatus {
  readonly norm: RecordText;
  readonly kind?: string | null;
  readonly ceased?: string;
  readonly unknown?: readonly string[];
  /** Of a treaty. */
  readonly inForce?: boolean;
  readonly inForceFrom?: number;
  readonly states?: readonly ExpectedState[];
  readonly ignored?: readonly ExpectedIgnored[];
}

export function status(expected: ExpectedStatus): Json {
  const {
    norm: about,
    kind = 'treaty',
    ceased,
    unknown = [],
    inForce,
    inForceFrom,
    states = [],
    ignored = [],
  } = expected;
  const key = ({ of, reason }: ExpectedIgnored): string => `${of.idText} ${reason}`;
  const idOf = ({ state = arcadia }: ExpectedState): string => state.idText;
  return {
    id: about.idText,
    unknown,
    ...(kind !== null && { kind }),
    ...(ceased !== undefined && { ceased }),
    ...(kind === 'treaty' && { inForce: inForce ?? false }),
    ...(inForceFrom !== undefined && { inForceFromSeconds: inForceFrom }),
    states: [...states]
      .sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
      .map((each) => ({
        ...{ state: idOf(each), standing: each.standing, acts: each.acts ?? [], pending: each.pending ?? [] },
        ...(each.since !== undefined && { sinceSeconds: each.since }),
        ...(each.leaves !== undefined && { leavesAtSeconds: each.leaves }),
      })),
    ignored: [...ignored]
      .sort((a, b) => (key(a) < key(b) ? -1 : 1))
      .map(({ of, reason, provisions }) => ({
        id: of.idText,
        reason,
        ...(provisions !== undefined && { provisions }),
      })),
  };
}

/** A vector of norm.status: what is given, and what the status is beside the norm. */
export function statusCase(
  comment: string,
  given: Given & { readonly norm: RecordText },
  expected: Omit<ExpectedStatus, 'norm'>,
): ValidCase {
  return valid(comment, statusInput(given), status({ norm: given.norm, ...expected }));
}

export const STATUS_GRAMMAR: { readonly [member: string]: string } = {
  norm: 'record',
  commitments: 'record',
  retractions: 'record',
  charters: 'charter',
  certificates: 'key-certificate',
};

/** A state that has endorsed a norm at the begin by this record alone. */
export const endorsing = (of: RecordText, more: Partial<ExpectedState> = {}): ExpectedState => ({
  standing: 'endorsed',
  since: BEGIN_SECONDS,
  acts: [act({ of, act: 'endorse' })],
  ...more,
});
