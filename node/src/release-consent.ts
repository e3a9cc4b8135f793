import { Fault } from '@comity/fault';
import { effectiveLabel, type StateId } from '@comity/label';
import { closeUpward, isRecordId, type View } from '@comity/record';
import { findRecord } from './find-record.ts';
import { type IssuedRecord, issueDrafts } from './issue.ts';
import { formatTime } from './operations/shapes.ts';
import { previewView } from './preview.ts';
import { digestsOf, type Terms, termsIn, wordIn } from './release-terms.ts';
import type { Sovereign } from './sovereign.ts';

/** What came of a record that asks for a consent, or gives or refuses one. */
export interface ConsentIssued {
  readonly record: IssuedRecord;
  /** Peers that it is for and that it does not reach, and why. */
  readonly notTold: { peer: string; reason: string }[];
}

export interface Granting {
  /** Id of the request. */
  readonly request: string;
  readonly until: string;
  /** Paths; absent: all that is asked for. */
  readonly parts?: readonly string[] | undefined;
  readonly conditions?: string | undefined;
  readonly language: string;
}

/**
 * Grants what a request asks for, or some of it, until a time. The grant goes to whoever asked, and may be passed to the third
 * party.
 *
 * @throws Fault record.not-found, record.ambiguous-id, record.not-own, record.no-such-part, consent.no-request,
 *   consent.not-asked, peer.unknown; DocumentFaults record.*
 */
export async function grantRelease(sovereign: Sovereign, granting: Granting): Promise<ConsentIssued> {
  const request = await readRequest(sovereign, granting.request);
  const thirdParty = codeOf(sovereign, request.thirdParty);
  const draft = {
    type: 'release-grant',
    label: {
      classification: effectiveLabel(request.about.header.label, sovereign.now()).classification,
      releasableTo: [request.holderCode, thirdParty],
    },
    content: {
      decision: 'grant',
      ...termsOf(request),
      parts: grantedParts(request, granting.parts),
      purposes: [request.purpose],
      notBefore: formatTime(sovereign.now()),
      notAfter: granting.until,
      request: request.id,
      ...(granting.conditions !== undefined && {
        conditions: { [granting.language]: granting.conditions },
      }),
    },
  };
  return issueFor(sovereign, draft, [request.holderCode]);
}

/**
 * Refuses what a request asks for. Only whoever asked is told.
 *
 * @throws as `grantRelease`
 */
export async function refuseRelease(
  sovereign: Sovereign,
  { request: id, reason, language }: { request: string; reason: string; language: string },
): Promise<ConsentIssued> {
  const request = await readRequest(sovereign, id);
  const draft = {
    type: 'release-grant',
    label: {
      classification: effectiveLabel(request.about.header.label, sovereign.now()).classification,
      releasableTo: [request.holderCode],
    },
    content: {
      decision: 'refuse',
      ...termsOf(request),
      purposes: [request.purpose],
      request: request.id,
      reason: { [language]: reason },
    },
  };
  return issueFor(sovereign, draft, [request.holderCode]);
}

/**
 * Takes a grant back: whoever holds it serves the third party no longer.
 *
 * @throws Fault record.not-found, record.ambiguous-id, record.not-own, consent.no-grant; DocumentFaults record.*
 */
export async function revokeRelease(
  sovereign: Sovereign,
  { grant: id, reason, language }: { grant: string; reason: string | undefined; language: string },
): Promise<ConsentIssued> {
  const { view } = await findRecord(sovereign, id);
  const grant = termsIn(view);
  if (grant === undefined || view.header.type !== 'release-grant' || wordIn(view, 'decision') !== 'grant')
    throw new Fault('consent.no-grant', 'the record is no grant', { fields: { record: view.header.id } });
  requireOwn(sovereign, view);
  const holder = codeOf(sovereign, wordIn(view, 'holder') as StateId);
  const draft = {
    type: 'release-grant',
    label: {
      classification: effectiveLabel(view.header.label, sovereign.now()).classification,
      releasableTo: [holder, codeOf(sovereign, grant.thirdParty)],
    },
    content: {
      decision: 'revoke',
      record: grant.record,
      parts: grant.parts,
      holder,
      thirdParty: grant.thirdParty,
      ...(reason !== undefined && { reason: { [language]: reason } }),
    },
  };
  return issueFor(sovereign, draft, [holder]);
}

interface Request extends Terms {
  readonly id: string;
  readonly purpose: string;
  readonly holderCode: string;
  /** The record that it is about. */
  readonly about: View;
}

async function readRequest(sovereign: Sovereign, id: string): Promise<Request> {
  const { view } = await findRecord(sovereign, id);
  const terms = termsIn(view);
  const purpose = wordIn(view, 'purpose');
  const fields = { record: view.header.id };
  if (
    terms === undefined ||
    purpose === undefined ||
    view.header.type !== 'release-request' ||
    !isRecordId(terms.record)
  )
    throw new Fault('consent.no-request', 'the record is no request that can be read', { fields });
  const about = (await findRecord(sovereign, terms.record)).view;
  requireOwn(sovereign, about);
  return {
    ...terms,
    id: view.header.id,
    purpose,
    holderCode: codeOf(sovereign, view.header.issuer),
    about,
  };
}

function termsOf({ record, parts, holderCode, thirdParty }: Request) {
  return { record, parts, holder: holderCode, thirdParty };
}

/** The parts that are granted, with what they stand in. @throws Fault record.no-such-part, consent.not-asked */
function grantedParts({ about, parts, id }: Request, paths: readonly string[] | undefined): Terms['parts'] {
  if (paths === undefined) return parts;
  const granted = [...closeUpward(about, digestsOf(about, paths))];
  if (parts !== 'all' && granted.some((digest) => !parts.includes(digest)))
    throw new Fault('consent.not-asked', 'the request does not ask for all of these parts', {
      fields: { request: id },
    });
  return granted;
}

function requireOwn({ self }: Sovereign, { header }: View): void {
  if (header.issuer === self.state) return;
  throw new Fault('record.not-own', 'only its originator consents to the release of a record', {
    fields: { record: header.id },
  });
}

/** @throws Fault peer.unknown */
export function codeOf({ peers, self }: Sovereign, state: StateId): string {
  const code = state === self.state ? self.charter.code : peers.codeOf(state);
  if (code === undefined)
    throw new Fault('peer.unknown', 'a state that this is about is not recognised here', {
      fields: { state },
    });
  return code;
}

/** Issues what is for these states, and says whom of them it does not reach. */
export async function issueFor(
  sovereign: Sovereign,
  draft: Readonly<Record<string, unknown>>,
  wanted: readonly string[],
): Promise<ConsentIssued> {
  // Its label names those whom it is for, and nobody else hands it on.
  const [record] = await issueDrafts(sovereign, [draft], { acceptRelay: true }, () => {});
  const issued = record as IssuedRecord;
  const told = new Set(issued.released.map(({ peer }) => peer));
  const others = wanted.filter((code) => !told.has(code));
  const { view } = await findRecord(sovereign, issued.id);
  const outcomes = others.length === 0 ? [] : (await previewView(sovereign, view, others)).peers;
  return {
    record: issued,
    notTold: outcomes.map(({ peer, envelope, parts }) => ({
      peer,
      reason: envelope.outcome === 'withhold' ? envelope.reason : (parts[0]?.reason ?? envelope.reason),
    })),
  };
}
