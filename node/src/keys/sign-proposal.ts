import { decodeSign, keyThumbprint } from '@comity/cose';
import { equalBytes, sha256, toHex } from '@comity/digest';
import type { Signer } from '@comity/ed25519';
import { Fault } from '@comity/fault';
import {
  cardOf,
  chartersOf,
  combineSignatures,
  type Draft,
  type DraftKind,
  decodeStateCard,
  encodeStateCard,
  signDraft,
  verifyRecognition,
} from '@comity/identity';
import { z } from 'zod';
import {
  decode,
  type KeyProposal,
  type Proposal,
  parseFile,
  proposalText,
  quorumsOf,
  type RecognitionProposal,
} from './proposal.ts';

/** What one holder has signed of a proposal. */
export interface HolderSignatures {
  /** Digest of the proposal, in hexadecimal: signatures are kept apart from those for another one in the same directory. */
  readonly proposal: string;
  /** Places of the documents in the proposal, each with the one signature of the holder. */
  readonly documents: readonly { readonly place: number; readonly bytes: Uint8Array }[];
}

const signaturesFile = z.strictObject({
  comity: z.literal('ceremony-signatures/1'),
  proposal: z.string().regex(/^[0-9a-f]{64}$/),
  documents: z.array(z.strictObject({ place: z.int().min(0).max(65), bytes: z.base64() })).max(66),
});

/** 66 documents of 64 KiB at most. */
export const MAX_SIGNATURES_BYTES = 8_388_608;

/** The digest of a proposal, by which its signatures are told apart: that of everything in it. */
export function proposalDigest(proposal: Proposal): string {
  return toHex(sha256(new TextEncoder().encode(proposalText(proposal))));
}

/**
 * Signs what of a proposal a root key may sign.
 *
 * @throws Fault ceremony.not-a-root-key where that is nothing
 */
export async function signProposal(proposal: Proposal, signer: Signer): Promise<HolderSignatures> {
  const places = placesOf(proposal, signer.publicKey);
  if (places.length === 0) {
    throw new Fault('ceremony.not-a-root-key', 'no document of the proposal is for this key to sign', {
      fields: { kid: toHex(keyThumbprint(signer.publicKey)) },
    });
  }
  const documents = [];
  // One after the other: the holder of a token is asked for each.
  for (const place of places) {
    const draft = proposal.drafts[place];
    if (draft !== undefined) documents.push({ place, bytes: await signDraft(draft, signer) });
  }
  return { proposal: proposalDigest(proposal), documents };
}

/** Places of the documents that a root key may sign. */
export function placesOf(proposal: Proposal, publicKey: Uint8Array): number[] {
  const isFor = (kind: DraftKind): boolean =>
    quorumsOf(proposal, kind).some(({ keys }) => keys.some((key) => equalBytes(key, publicKey)));
  return proposal.drafts.flatMap(({ kind }, place) => (isFor(kind) ? [place] : []));
}

export function signaturesText({ proposal, documents }: HolderSignatures): string {
  const file = {
    comity: 'ceremony-signatures/1',
    proposal,
    documents: documents.map(({ place, bytes }) => ({ place, bytes: Buffer.from(bytes).toString('base64') })),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** @throws Fault ceremony.malformed */
export function readSignatures(text: string): HolderSignatures {
  const { proposal, documents } = parseFile(signaturesFile, text);
  return { proposal, documents: documents.map(({ place, bytes }) => ({ place, bytes: decode(bytes) })) };
}

/** How many signatures a document has, and of each set of keys how many it needs. */
export interface SignatureCount {
  readonly place: number;
  readonly kind: DraftKind;
  readonly quorums: readonly { readonly signed: number; readonly threshold: number }[];
}

/** What is signed so far. Nothing of it is verified: that is what `combineProposal` does. */
export function countSignatures(proposal: Proposal, given: readonly HolderSignatures[]): SignatureCount[] {
  return proposal.drafts.map(({ kind }, place) => {
    const kids = new Set(signedOf(proposal, given, place).flatMap(kidsOf));
    const quorums = quorumsOf(proposal, kind).map(({ keys, threshold }) => ({
      signed: keys.filter((key) => kids.has(toHex(keyThumbprint(key)))).length,
      threshold,
    }));
    return { place, kind, quorums };
  });
}

function kidsOf(bytes: Uint8Array): string[] {
  return decodeSign(bytes).signatures.map(({ kid }) => toHex(kid));
}

function signedOf(proposal: Proposal, given: readonly HolderSignatures[], place: number): Uint8Array[] {
  const digest = proposalDigest(proposal);
  return given.flatMap((each) =>
    each.proposal === digest
      ? each.documents.filter((one) => one.place === place).map(({ bytes }) => bytes)
      : [],
  );
}

/** What was signed is what was proposed: whoever made the files of signatures may have shown something else. */
function combined({ payload }: Draft, signed: readonly Uint8Array[]): Uint8Array {
  const bytes = combineSignatures(signed);
  if (equalBytes(decodeSign(bytes).payload, payload)) return bytes;
  throw new Fault('ceremony.other-document', 'what was signed is not what the proposal says');
}

/** @throws Fault ceremony.unsigned where signatures are missing */
function requireComplete(proposal: Proposal, given: readonly HolderSignatures[]): void {
  const counts = countSignatures(proposal, given);
  const short = counts.find(({ quorums }) => quorums.some(({ signed, threshold }) => signed < threshold));
  if (short === undefined) return;
  const missing = short.quorums.map(({ signed, threshold }) => `${signed} of ${threshold}`).join(', ');
  throw new Fault('ceremony.unsigned', `the ${short.kind} has signatures of ${missing} root keys`, {
    fields: { document: short.kind, place: short.place },
  });
}

/** The documents of a kind, each with the signatures of all holders. @throws Fault ceremony.unsigned, ceremony.other-document */
function documentsOf(proposal: Proposal, given: readonly HolderSignatures[], kind: DraftKind): Uint8Array[] {
  requireComplete(proposal, given);
  return proposal.drafts.flatMap((draft, place) =>
    draft.kind === kind ? [combined(draft, signedOf(proposal, given, place))] : [],
  );
}

/**
 * What all holders have signed, verified as anybody will verify it: the new card of the state, or its recognition of another.
 *
 * @throws Fault ceremony.unsigned where signatures are missing; as `decodeStateCard` and `verifyRecognition` where one is not
 *   good
 */
export function combineProposal(proposal: Proposal, given: readonly HolderSignatures[]): Uint8Array {
  return proposal.action === 'recognise' ? combineRecognition(proposal, given) : combineCard(proposal, given);
}

function combineRecognition(proposal: RecognitionProposal, given: readonly HolderSignatures[]): Uint8Array {
  const [bytes = new Uint8Array()] = documentsOf(proposal, given, 'recognition');
  return verifyRecognition(bytes, proposal.base.charter, proposal.subject.charter).bytes;
}

function combineCard(proposal: KeyProposal, given: readonly HolderSignatures[]): Uint8Array {
  const signed = (kind: DraftKind): Uint8Array[] => documentsOf(proposal, given, kind);
  const { base } = proposal;
  const card = cardOf(base);
  const laterCharters = [
    ...chartersOf(base.charter)
      .slice(1)
      .map(({ bytes }) => bytes),
    ...signed('charter'),
  ];
  const [keyState] = signed('keyState');
  const bytes = encodeStateCard({
    charter: card.charter,
    certificates: [...card.certificates, ...signed('keyCertificate')],
    ...(laterCharters.length > 0 && { laterCharters }),
    ...(keyState !== undefined && { keyState }),
  });
  decodeStateCard(bytes);
  return bytes;
}
