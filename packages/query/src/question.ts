import {
  array,
  bytes,
  type CborValue,
  decodeWith,
  defineShape,
  document,
  encodeWith,
  field,
  type Infer,
  optionalField,
  text,
  tuple,
  uint,
} from '@comity/cbor';
import {
  decodeSign1,
  documentId,
  encodeSign1,
  HEADER_TYP,
  keyIdOf,
  MEDIA_TYPES,
  signSign1,
  verifySign1,
} from '@comity/cose';
import { type Entropy, fromHex, toHex } from '@comity/digest';
import type { Signer } from '@comity/ed25519';
import { Fault } from '@comity/fault';
import type { KeyDirectory } from '@comity/identity';
import { isStateId, type Label, labelShape, PURPOSES, type StateId, stateIdShape } from '@comity/label';
import type { RecordId } from '@comity/record';
import type { AnswerPosition } from './answer-order.ts';
import type { QuestionFilter } from './filter.ts';

/** `[seconds, record id]` */
const placeTuple = tuple(uint(), bytes(32));
const positionShape = defineShape<AnswerPosition>(
  (value) => {
    const [issuedAtSeconds, recordId] = placeTuple.decode(value);
    return { issuedAtSeconds, recordId: toHex(recordId) as RecordId };
  },
  ({ issuedAtSeconds, recordId }) => placeTuple.encode([issuedAtSeconds, fromHex(recordId)]),
);

/** Most answers that a question can ask for. */
export const MAX_ANSWER_LIMIT = 100_000;

const word = text({ maxBytes: 64 });

/** The filter of a question, keys 4 to 9 (query.md §2). */
const filterFields = {
  types: optionalField(4, array(word, { min: 1, max: 16 })),
  sectors: optionalField(5, array(word, { min: 1, max: 32 })),
  indicator: optionalField(6, text({ maxBytes: 2_048 })),
  text: optionalField(7, text({ maxBytes: 1_024 })),
  sinceSeconds: optionalField(8, uint()),
  before: optionalField(9, positionShape),
} as const;

const filterShape = document(filterFields);

/**
 * Whether a filter has the forms and limits that it has in a question.
 *
 * @throws Fault `cbor.shape`
 */
export function assertFilter(filter: QuestionFilter): void {
  encodeWith(filterShape, filter as Infer<typeof filterShape>);
}

const questionShape = document({
  audience: field(1, stateIdShape),
  purpose: field(2, word),
  label: field(3, labelShape),
  ...filterFields,
  /** Answers that the asking state takes at most; the answering state has a limit of its own. */
  limit: optionalField(10, uint(MAX_ANSWER_LIMIT)),
});

/** A question of one state to another: signed, labelled, with a purpose (DISCLOSURE §4). */
export interface Question extends Infer<typeof questionShape> {
  readonly id: string;
  readonly issuer: StateId;
  readonly issuedAtSeconds: number;
  readonly bytes: Uint8Array;
}

const HEADER_CWT_CLAIMS = 15;
const CLAIM = { issuer: 1, subject: 2, issuedAt: 6, id: 7 } as const;
const SUBJECT = 'query';
/** What makes two questions of one text two. */
const NONCE_BYTES = 16;
/** A filter and a label are small; a larger question is not one of ours. */
export const MAX_QUESTION_BYTES = 16 * 1024;
/** How far ahead of ours the asking clock may be. */
const CLOCK_TOLERANCE_SECONDS = 300;

export interface QuestionDraft {
  readonly issuer: StateId;
  readonly audience: StateId;
  readonly purpose: string;
  readonly label: Label;
  readonly filter: QuestionFilter;
  /** Answers to take at most, from 1. */
  readonly limit: number;
}

/** Signs a question with the record key of the asking state. @throws Fault cbor.*, ed25519.* */
export async function issueQuestion(
  draft: QuestionDraft,
  signer: Signer,
  atSeconds: number,
  entropy: Entropy,
): Promise<Question> {
  const { issuer, audience, purpose, label, filter, limit } = draft;
  // An empty list would be "none of them"; a person who gives none means "any".
  const content = Object.fromEntries(
    Object.entries({ audience, purpose, label, ...filter, limit }).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  ) as unknown as Infer<typeof questionShape>;
  const sign1 = await signSign1(
    {
      protectedHeader: new Map<number, CborValue>([
        [
          HEADER_CWT_CLAIMS,
          new Map<number, CborValue>([
            [CLAIM.issuer, issuer],
            [CLAIM.subject, SUBJECT],
            [CLAIM.issuedAt, atSeconds],
            [CLAIM.id, entropy(NONCE_BYTES)],
          ]),
        ],
        [HEADER_TYP, MEDIA_TYPES.query],
      ]),
      payload: encodeWith(questionShape, content),
    },
    signer,
  );
  return {
    ...content,
    id: toHex(documentId(sign1)),
    issuer,
    issuedAtSeconds: atSeconds,
    bytes: encodeSign1(sign1),
  };
}

export interface QuestionContext {
  readonly asker: StateId;
  readonly audience: StateId;
  readonly directory: KeyDirectory;
  readonly atSeconds: number;
  readonly maxAgeSeconds: number;
}

/**
 * Reads and verifies a question of a peer, query.md §1 and §4.2. Whether the peer may ask now, and asks this for the first
 * time, is not judged here.
 *
 * @throws Fault query.malformed, query.wrong-issuer, query.not-for-us, query.too-old, cbor.*, cose.*, ed25519.*, identity.*
 */
export function openQuestion(bytes: Uint8Array, context: QuestionContext): Question {
  if (bytes.length > MAX_QUESTION_BYTES)
    throw new Fault('query.malformed', `a question has at most ${MAX_QUESTION_BYTES} bytes`);
  const sign1 = decodeSign1(bytes, { maxBytes: MAX_QUESTION_BYTES });
  const header = sign1.protectedHeader;
  const kid = keyIdOf(header);
  const claims = header.get(HEADER_CWT_CLAIMS);
  if (
    header.get(HEADER_TYP) !== MEDIA_TYPES.query ||
    header.size !== 4 ||
    !(claims instanceof Map) ||
    claims.size !== 4
  ) {
    throw new Fault('query.malformed', 'expected the headers of a question');
  }
  const issuer = claims.get(CLAIM.issuer);
  const issuedAtSeconds = claims.get(CLAIM.issuedAt);
  if (
    typeof issuer !== 'string' ||
    !isStateId(issuer) ||
    !isTime(issuedAtSeconds) ||
    claims.get(CLAIM.subject) !== SUBJECT ||
    !isQuestionNonce(claims.get(CLAIM.id)) ||
    sign1.unprotectedHeader.size !== 0
  ) {
    throw new Fault('query.malformed', 'expected the claims of a question');
  }
  // The peer on the authenticated connection is the one who asks: nobody asks in another's name.
  if (issuer !== context.asker)
    throw new Fault('query.wrong-issuer', 'a question must be issued by the state that sends it');
  // Of another state's key nothing is said: a refusal would tell whether this node knows that state.
  const certificate = context.directory.resolve(kid, 'record', context.atSeconds, context.asker);
  verifySign1(sign1, certificate.publicKey);
  const content = decodeWith(questionShape, sign1.payload, { maxBytes: MAX_QUESTION_BYTES });
  if (content.audience !== context.audience)
    throw new Fault('query.not-for-us', 'the question is addressed to another state');
  if (
    issuedAtSeconds < context.atSeconds - context.maxAgeSeconds ||
    issuedAtSeconds > context.atSeconds + CLOCK_TOLERANCE_SECONDS
  ) {
    throw new Fault('query.too-old', 'the question is too old or from the future', {
      fields: { issuedAtSeconds },
    });
  }
  if (!PURPOSES.has(content.purpose))
    throw new Fault('query.malformed', 'the purpose is not in the vocabulary');
  if (content.limit === 0) throw new Fault('query.malformed', 'a question asks for one answer at least');
  return { ...content, id: toHex(documentId(sign1)), issuer: context.asker, issuedAtSeconds, bytes };
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}

function isQuestionNonce(value: unknown): boolean {
  return value instanceof Uint8Array && value.length === NONCE_BYTES;
}

/** Purpose and filter of a question that was verified before it was stored. @throws Fault cbor.*, cose.* */
export function openQuestionContent(bytes: Uint8Array): {
  readonly purpose: string;
  readonly filter: QuestionFilter;
} {
  const {
    audience: _audience,
    label: _label,
    limit: _limit,
    purpose,
    ...filter
  } = decodeWith(questionShape, decodeSign1(bytes).payload, { maxBytes: MAX_QUESTION_BYTES });
  return { purpose, filter: filter as QuestionFilter };
}
