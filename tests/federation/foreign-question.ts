import { type CborValue, encode } from '@comity/cbor';
import { encodeSign1, HEADER_TYP, MEDIA_TYPES, signSign1 } from '@comity/cose';
import { labelShape, type StateId, stateIdShape } from '@comity/label';
import { entropy, type ForeignState, nowSeconds } from './foreign-state.ts';

/** What a test may change about a question; the rest is as it should be. */
export interface QuestionChange {
  readonly issuer?: StateId;
  readonly issuedAtSeconds?: number;
  readonly purpose?: string;
  /** Records that hold this text. */
  readonly text?: string;
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
    text,
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
    ...(text === undefined ? [] : [[7, text] as const]),
  ]);
  const claims = new Map<number, CborValue>([
    [1, issuer],
    [2, 'query'],
    [6, issuedAtSeconds],
    [7, entropy(16)],
  ]);
  const protectedHeader = new Map<number, CborValue>([
    [HEADER_CWT_CLAIMS, claims],
    [HEADER_TYP, MEDIA_TYPES.query],
  ]);
  return encodeSign1(await signSign1({ protectedHeader, payload: encode(content) }, asker.signer('record')));
}
