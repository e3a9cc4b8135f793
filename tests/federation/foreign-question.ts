import { type CborValue, encode } from '@comity/cbor';
import { encodeSign1, HEADER_TYP, MEDIA_TYPES, signSign1 } from '@comity/cose';
import { fromHex } from '@comity/digest';
import { labelShape, type StateId, stateIdShape } from '@comity/label';
import { entropy, type ForeignState, nowSeconds } from './foreign-state.ts';

/** What a test may change about a question; the rest is as it should be. */
export interface QuestionChange {
  readonly issuer?: StateId;
  readonly issuedAtSeconds?: number;
  readonly purpose?: string;
  readonly types?: readonly string[];
  /** Records that hold this text. */
  readonly text?: string;
  readonly sinceSeconds?: number;
  /** Seconds and record id after which the answers begin. */
  readonly before?: readonly [issuedAtSeconds: number, recordId: string];
  readonly limit?: number;
  /** Length of the random bytes in claim 7. */
  readonly nonceBytes?: number;
}

function given(key: number, value: CborValue | undefined): [number, CborValue][] {
  return value === undefined ? [] : [[key, value]];
}

const HEADER_CWT_CLAIMS = 15;

/** A question of a foreign state to another state, as bytes, signed with its record key. */
export async function questionOf(
  asker: ForeignState,
  audience: StateId,
  change: QuestionChange = {},
): Promise<Uint8Array> {
  const {
    issuer = asker.state,
    issuedAtSeconds = nowSeconds(),
    purpose = 'incident-response',
    types,
    text,
    sinceSeconds,
    before,
    limit,
    nonceBytes = 16,
  } = change;
  const label = {
    scheme: asker.scheme.id,
    classification: asker.scheme.levels[0]?.id ?? '',
    releasableTo: [audience],
    purposes: ['incident-response'],
  };
  const content = new Map<number, CborValue>([
    [1, stateIdShape.encode(audience)],
    [2, purpose],
    [3, labelShape.encode(label)],
    ...given(4, types),
    ...given(7, text),
    ...given(8, sinceSeconds),
    ...given(9, before && [before[0], fromHex(before[1])]),
    ...given(10, limit),
  ]);
  const claims = new Map<number, CborValue>([
    [1, issuer],
    [2, 'query'],
    [6, issuedAtSeconds],
    [7, entropy(nonceBytes)],
  ]);
  const protectedHeader = new Map<number, CborValue>([
    [HEADER_CWT_CLAIMS, claims],
    [HEADER_TYP, MEDIA_TYPES.query],
  ]);
  return encodeSign1(await signSign1({ protectedHeader, payload: encode(content) }, asker.signer('record')));
}
