import { keyThumbprint } from '@comity/cose';
import { equalBytes, sha256, toHex } from '@comity/digest';
import { DocumentFaults, Fault } from '@comity/fault';
import {
  assertFollows,
  type Charter,
  checkRecognition,
  type Draft,
  type DraftKind,
  decodeStateCard,
  draftOf,
  type KeyCertificate,
  type KeyState,
  keyCertificateFaults,
  keyStateFaults,
  type Recognition,
  readDraft,
  takesBack,
  type VerifiedStateCard,
} from '@comity/identity';
import { z } from 'zod';

/** Documents that the holders of the root keys are asked to sign, upon a card that is in force. */
interface ProposalBase {
  readonly base: VerifiedStateCard;
  readonly baseBytes: Uint8Array;
  /** The documents as they are signed, in this order. */
  readonly drafts: readonly Draft[];
}

/** What a ceremony is to change about the keys of the state. */
export interface KeyProposal extends ProposalBase {
  readonly action: KeyAction;
  readonly charter: Charter | undefined;
  readonly keyState: KeyState;
  readonly certificates: readonly KeyCertificate[];
}

/** What a ceremony is to say about another state. */
export interface RecognitionProposal extends ProposalBase {
  readonly action: 'recognise';
  readonly subject: VerifiedStateCard;
  readonly subjectBytes: Uint8Array;
  readonly recognition: Recognition;
}

export type Proposal = KeyProposal | RecognitionProposal;

const KEY_ACTIONS = ['rotate', 'revoke', 'renew', 'certify', 'end-log'] as const;
export type KeyAction = (typeof KEY_ACTIONS)[number];

/** The keys that may sign a document of a proposal, and of each set how many have to. */
export interface Quorum {
  readonly keys: readonly Uint8Array[];
  readonly threshold: number;
}

const base64 = z.base64();
const KINDS = [
  'charter',
  'keyState',
  'keyCertificate',
  'recognition',
] as const satisfies readonly DraftKind[];

const proposalFile = z.strictObject({
  comity: z.literal('ceremony/1'),
  action: z.enum([...KEY_ACTIONS, 'recognise']),
  card: base64,
  /** Card of the state that is recognised. */
  subject: base64.optional(),
  documents: z.array(z.strictObject({ kind: z.enum(KINDS), payload: base64 })).max(66),
});

/** A card of 256 KiB and documents of 64 KiB at most, in base64. */
export const MAX_PROPOSAL_BYTES = 4_194_304;

/** The file of a proposal. */
export function proposalText(proposal: Proposal): string {
  const { action, baseBytes, drafts } = proposal;
  const documents = drafts.map(({ kind, payload }) => ({ kind, payload: encode(payload) }));
  const subject = proposal.action === 'recognise' ? { subject: encode(proposal.subjectBytes) } : {};
  const file = { comity: 'ceremony/1', action, card: encode(baseBytes), ...subject, documents };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/**
 * Reads a proposal and checks all that it says: nobody is asked to sign what no verifier would take.
 *
 * @throws Fault ceremony.malformed, identity.*, label.*, cbor.*, cose.*
 */
export function readProposal(text: string): Proposal {
  const { action, card, subject, documents } = parseFile(proposalFile, text);
  const drafts = documents.map(({ kind, payload }) => ({ kind, payload: decode(payload) }));
  if ((action === 'recognise') !== (subject !== undefined))
    throw new Fault(
      'ceremony.malformed',
      'another state stands in a proposal to recognise it, and in no other',
    );
  if (action === 'recognise') return checkedRecognition(decode(card), decode(subject ?? ''), drafts);
  return checkedProposal(action, decode(card), drafts);
}

/** Reads a file of a ceremony. @throws Fault ceremony.malformed */
export function parseFile<T>(form: z.ZodType<T>, text: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Fault('ceremony.malformed', 'the file is not JSON', { cause });
  }
  const parsed = form.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Fault('ceremony.malformed', 'the file has not the form of a file of a ceremony', {
    fields: { at: parsed.error.issues[0]?.path.join('.') ?? '' },
  });
}

export function decode(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

/** @throws as `readProposal` */
export function checkedProposal(
  action: KeyAction,
  baseBytes: Uint8Array,
  drafts: readonly Draft[],
): KeyProposal {
  const base = decodeStateCard(baseBytes);
  const contents = <K extends DraftKind>(kind: K) =>
    drafts.flatMap((draft) => (draft.kind === kind ? [readDraft(kind, draft.payload)] : []));
  const [charter, ...furtherCharters] = contents('charter');
  const [keyState, ...furtherStates] = contents('keyState');
  const certificates = contents('keyCertificate');
  const isForeign = drafts.some(({ kind }) => kind === 'recognition');
  if (keyState === undefined || isForeign || furtherCharters.length > 0 || furtherStates.length > 0)
    throw new Fault('ceremony.malformed', 'expected one key state, and at most one charter');
  if (charter !== undefined) assertFollows(charter, base.charter);
  const proposal = { action, base, baseBytes, charter, keyState, certificates, drafts };
  checkKeyState(proposal);
  for (const certificate of certificates) checkCertificate(certificate, proposal);
  return proposal;
}

/** @throws as `readProposal` */
export function checkedRecognition(
  baseBytes: Uint8Array,
  subjectBytes: Uint8Array,
  drafts: readonly Draft[],
): RecognitionProposal {
  const [base, subject] = [decodeStateCard(baseBytes), decodeStateCard(subjectBytes)];
  const [draft, ...further] = drafts;
  if (draft?.kind !== 'recognition' || further.length > 0)
    throw new Fault('ceremony.malformed', 'expected one recognition');
  const recognition = readDraft('recognition', draft.payload);
  const faults = checkRecognition(recognition, base.charter, subject.charter);
  if (faults.length > 0) throw new DocumentFaults(faults);
  return { action: 'recognise', base, baseBytes, subject, subjectBytes, recognition, drafts };
}

/** The digest of the charter that is in force after the ceremony. */
export function charterDigestOf({ charter, base }: Pick<KeyProposal, 'charter' | 'base'>): Uint8Array {
  return charter === undefined ? base.charter.digest : sha256(draftOf('charter', charter).payload);
}

function checkKeyState({ base, charter, keyState }: KeyProposal): void {
  if (keyState.issuer !== base.charter.state)
    throw new Fault('identity.wrong-issuer', 'the key state is of another state than the card');
  if (!equalBytes(keyState.charterDigest, charterDigestOf({ charter, base })))
    throw new Fault('identity.wrong-charter', 'the key state is under another charter');
  const faults = keyStateFaults(keyState, charter ?? base.charter);
  if (faults.length > 0) throw new DocumentFaults(faults);
  const before = charter === undefined ? base.keyState : undefined;
  const isNext =
    before === undefined
      ? keyState.version === 1
      : keyState.version === before.version + 1 &&
        equalBytes(keyState.previous ?? new Uint8Array(), before.digest);
  // Also across a rotation: thieves could write what is under the former charter, and this ceremony is not theirs.
  if (!isNext || (base.keyState !== undefined && takesBack(keyState, base.keyState)))
    throw new Fault(
      'identity.key-states-contradict',
      'the key state does not go on from the one in the card',
    );
}

/** Certificates are signed with the root keys in force: in a ceremony of their own, before a rotation or after it. */
function checkCertificate(certificate: KeyCertificate, { base, charter, keyState }: KeyProposal): void {
  if (charter !== undefined)
    throw new Fault('ceremony.malformed', 'a rotation certifies no keys: that is a ceremony of its own');
  if (certificate.issuer !== base.charter.state)
    throw new Fault('identity.wrong-issuer', 'a certificate is of another state than the card');
  if (certificate.delegatedBy !== undefined)
    throw new Fault('ceremony.malformed', 'root keys do not sign for a delegate');
  const faults = keyCertificateFaults(certificate, base.charter);
  if (faults.length > 0) throw new DocumentFaults(faults);
  const kid = keyThumbprint(certificate.publicKey);
  if (!keyState.live.some((each) => equalBytes(each, kid))) {
    throw new Fault('identity.key-not-listed', 'the key state does not name a key that is certified', {
      fields: { kid: toHex(kid) },
    });
  }
}

/** Who has to sign a draft. A charter that follows another is signed by the root keys of both. */
export function quorumsOf(proposal: Proposal, kind: DraftKind): readonly Quorum[] {
  const { base } = proposal;
  const charter = proposal.action === 'recognise' ? undefined : proposal.charter;
  const quorum = ({ rootKeys, threshold }: Charter): Quorum => ({ keys: rootKeys, threshold });
  if (kind === 'charter') return [base.charter, charter as Charter].map(quorum);
  return [quorum(charter ?? base.charter)];
}
