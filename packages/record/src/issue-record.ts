import { type CborKey, type CborValue, encode, REDACTED } from '@comity/cbor';
import { encodeSign1, HEADER_TYP, MEDIA_TYPES, signSign1 } from '@comity/cose';
import { type Entropy, fromHex, toHex } from '@comity/digest';
import type { Signer } from '@comity/ed25519';
import { Fault } from '@comity/fault';
import { type ClassificationScheme, type Label, labelShape, type StateId } from '@comity/label';
import { authoriseRecord, type KeyGrant } from './authorise-record.ts';
import { decodeRecord } from './decode-record.ts';
import type { DraftContent, DraftPart, RecordDraft } from './draft.ts';
import {
  CLAIM_EXERCISE,
  CLAIM_EXPIRES,
  CLAIM_LABEL,
  CLAIM_RETRACTS,
  CLAIM_SUPERSEDES,
  CLAIM_VERSION,
  PAYLOAD_VERSION,
} from './envelope.ts';
import { LabelJudgements } from './label-judgement.ts';
import { MAX_ITEMS, NONCE_BYTES } from './limits.ts';
import { openView } from './open-view.ts';
import {
  CLAIM_ISSUED_AT,
  CLAIM_ISSUER,
  CLAIM_NONCE,
  CLAIM_SUBJECT,
  DIGEST_SHA256,
  HEADER_CWT_CLAIMS,
  HEADER_DIGEST_ALGORITHM,
} from './protected-header.ts';
import { PartSealer } from './seal-parts.ts';
import { verifyRecord } from './verify-record.ts';
import type { View } from './view.ts';
import { checkWellFormed } from './well-formed.ts';

/** Who issues a record, when, and with what. */
export interface IssueOptions {
  readonly issuer: StateId;
  readonly scheme: ClassificationScheme;
  /** UTC seconds: the time of issue in the record. */
  readonly atSeconds: number;
  /** Unpredictable: salts keep withheld parts from being guessed. */
  readonly entropy: Entropy;
  readonly signer: Signer;
  /** What the key may sign; everything where it is absent. What is beyond it no recipient would take. */
  readonly scope?: KeyGrant['scope'];
}

/**
 * Signs a draft. The view returned is the issuer's own: it discloses every part and every decoy. It was opened from the
 * signed bytes, through the same checks that a recipient makes.
 *
 * @throws Fault `record.type-out-of-scope`, `record.classification-out-of-scope`, `record.label-invalid`, `record.label-below-envelope`, `record.label-below-part`, `record.too-many-digests`,
 *   `record.too-large`, `record.bad-entropy`, `record.*` as for a reader, `cbor.*`, and what the signer throws
 */
export async function issueRecord(
  draft: RecordDraft,
  options: IssueOptions,
): Promise<{ readonly view: View }> {
  const { issuer, scheme, atSeconds, entropy, signer, scope = {} } = options;
  requireLabels(draft, scheme);
  const sealer = new PartSealer(entropy);
  const digests = sealer.sealBody(draft.fields, draft.overall, draft.envelope);
  const payload = encode(claimsOf(draft, digests), { maxItems: MAX_ITEMS });
  const sign1 = await signSign1({ protectedHeader: headerOfDraft(draft, options), payload }, signer);
  const record = verifyRecord(checkWellFormed(decodeRecord(encodeSign1(sign1))), signer.publicKey);
  const grant = {
    issuer,
    publicKey: signer.publicKey,
    usage: 'record',
    notBeforeSeconds: atSeconds,
    notAfterSeconds: atSeconds + 1,
    scope,
    scheme,
  };
  return { view: openView(authoriseRecord(record, grant), sealer.disclosures) };
}

/** The label of a record dominates its envelope and every part, or it would announce the record as lower than it is. */
function requireLabels({ overall, envelope, fields }: RecordDraft, scheme: ClassificationScheme): void {
  const judgements = new LabelJudgements({ scheme, scope: {} });
  judgements.requireGranted(overall, 'overall');
  judgements.requireGranted(envelope, 'envelope');
  if (!judgements.covers(overall, envelope)) {
    throw new Fault('record.label-below-envelope', 'the overall label does not dominate the envelope label');
  }
  for (const { name, ...part } of fields) {
    for (const label of labelsOf(part)) {
      judgements.requireGranted(label, name);
      if (!judgements.covers(overall, label)) {
        const options = { fields: { part: name } };
        throw new Fault(
          'record.label-below-part',
          'the overall label does not dominate the label of a part',
          options,
        );
      }
    }
  }
}

function* labelsOf({ label, content }: DraftPart): Generator<Label> {
  yield label;
  for (const inner of partsIn(content)) yield* labelsOf(inner);
}

function partsIn(content: DraftContent): readonly DraftPart[] {
  if (content.kind === 'value') return [];
  return content.kind === 'fields' ? content.fields : content.elements;
}

function headerOfDraft(
  { type, subjectId }: RecordDraft,
  { issuer, atSeconds, entropy }: IssueOptions,
): ReadonlyMap<CborKey, CborValue> {
  const nonce = entropy(NONCE_BYTES);
  const claims = new Map<CborKey, CborValue>([
    [CLAIM_ISSUER, issuer],
    [CLAIM_SUBJECT, `${type}/${subjectId ?? toHex(entropy(16))}`],
    [CLAIM_ISSUED_AT, atSeconds],
    [CLAIM_NONCE, nonce],
  ]);
  // Algorithm and key id are put in by COSE from the signer.
  return new Map<CborKey, CborValue>([
    [HEADER_CWT_CLAIMS, claims],
    [HEADER_TYP, MEDIA_TYPES.record],
    [HEADER_DIGEST_ALGORITHM, DIGEST_SHA256],
  ]);
}

function claimsOf(draft: RecordDraft, digests: readonly Uint8Array[]): ReadonlyMap<CborKey, CborValue> {
  const claims = new Map<CborKey, CborValue>([
    [CLAIM_VERSION, PAYLOAD_VERSION],
    [CLAIM_LABEL, labelShape.encode(draft.envelope)],
    [REDACTED, digests],
  ]);
  if (draft.exercise !== undefined) claims.set(CLAIM_EXERCISE, draft.exercise);
  if (draft.supersedes.length > 0) claims.set(CLAIM_SUPERSEDES, draft.supersedes.toSorted().map(fromHex));
  if (draft.retracts !== undefined) claims.set(CLAIM_RETRACTS, fromHex(draft.retracts));
  if (draft.expiresAtSeconds !== undefined) claims.set(CLAIM_EXPIRES, draft.expiresAtSeconds);
  return claims;
}
