import { Fault } from '@comity/fault';
import { effectiveLabel, type StateId } from '@comity/label';
import { closeUpward, isRecordId, type View } from '@comity/record';
import { formatTime } from '../operations/shapes.ts';
import { findRecord } from '../records/find-record.ts';
import { partsUnder } from '../release/parts-under.ts';
import type { Sovereign } from '../sovereign.ts';
import { type ConsentIssued, codeOf, issueFor } from './issue-consent.ts';
import { endOf, pathsOf, type Standing, standingOf, type Terms, termsIn, wordIn } from './release-terms.ts';

/** A grant, and what stands beside it: a later grant takes nothing from an earlier one. */
export interface Granted extends ConsentIssued {
  /** Consents to the same by earlier grants, which stay in force. */
  readonly beside: Standing[];
  /** Paths of granted parts that this state has not released to the holder. */
  readonly notHanded: string[];
}

export interface Granting {
  /** Id of the request. */
  readonly request: string;
  readonly until: string;
  /**
   * Paths of parts that are asked for, with what of that stands in them; absent: all that is asked for and that this state has
   * released to whoever asks.
   */
  readonly parts?: readonly string[] | undefined;
  readonly conditions?: string | undefined;
  readonly language: string;
}

/**
 * Grants what a request asks for, or some of it, until a time. The grant goes to whoever asked, and may be passed to the third
 * party.
 *
 * @throws Fault record.not-found, record.ambiguous-id, record.not-own, record.no-such-part, consent.no-request,
 *   consent.not-asked, consent.not-handed, peer.unknown; DocumentFaults record.*
 */
export async function grantRelease(sovereign: Sovereign, granting: Granting): Promise<Granted> {
  const request = await readRequest(sovereign, granting.request);
  const handed = await sovereign.store.released(request.holder, request.about.header.id);
  const parts = grantedParts(request, granting.parts, handed.digests);
  const beside = standingFor(sovereign, request);
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
      parts,
      purposes: [request.purpose],
      notBefore: formatTime(sovereign.now()),
      notAfter: granting.until,
      request: request.id,
      ...(granting.conditions !== undefined && {
        conditions: { [granting.language]: granting.conditions },
      }),
    },
  };
  const issued = await issueFor(sovereign, draft, [request.holderCode]);
  const notHanded = parts.filter((digest) => !handed.digests.has(digest));
  return { ...issued, beside, notHanded: pathsOf(request.about, notHanded) };
}

/**
 * Refuses what a request asks for. Only whoever asked is told. It takes no consent away (record-types.md 15.5), so that while one to
 * the same is in force it would say what is not so.
 *
 * @throws Fault record.not-found, record.ambiguous-id, record.not-own, consent.no-request, consent.granted, peer.unknown;
 *   DocumentFaults record.*
 */
export async function refuseRelease(
  sovereign: Sovereign,
  { request: id, reason, language }: { request: string; reason: string; language: string },
): Promise<ConsentIssued> {
  const request = await readRequest(sovereign, id);
  const [standing] = standingFor(sovereign, request);
  if (standing !== undefined)
    throw new Fault(
      'consent.granted',
      `a consent to this is in force until ${standing.until}: revoke it first`,
      {
        fields: { request: request.id, grant: standing.grant },
      },
    );
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

/** A revocation, and when it takes effect where whoever holds the grant cannot be told at once. */
export interface Revoked extends ConsentIssued {
  /** States that are told as soon as they are connected again, and are not now. */
  readonly notReached: string[];
  /** When the consent ends by itself. */
  readonly endsAt: string | null;
}

/**
 * Takes a grant back: whoever holds it serves the third party no longer.
 *
 * @throws Fault record.not-found, record.ambiguous-id, record.not-own, consent.no-grant; DocumentFaults record.*
 */
export async function revokeRelease(
  sovereign: Sovereign,
  { grant: id, reason, language }: { grant: string; reason: string | undefined; language: string },
): Promise<Revoked> {
  const { view } = await findRecord(sovereign, id);
  const grant = termsIn(view);
  if (grant === undefined || view.header.type !== 'release-grant' || wordIn(view, 'decision') !== 'grant')
    throw new Fault('consent.no-grant', 'the record is no grant', { fields: { record: view.header.id } });
  requireOwn(sovereign, view);
  const holderState = wordIn(view, 'holder') as StateId;
  const holder = codeOf(sovereign, holderState);
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
  const issued = await issueFor(sovereign, draft, [holder]);
  const isTold = issued.notTold.length === 0;
  return {
    ...issued,
    notReached: isTold && !isConnected(sovereign, holderState) ? [holder] : [],
    endsAt: endOf(view),
  };
}

function isConnected({ exchange }: Sovereign, state: StateId): boolean {
  return exchange?.peers().some(({ peer, state: now }) => peer === state && now === 'live') ?? false;
}

interface Request extends Terms {
  readonly id: string;
  readonly purpose: string;
  readonly holder: StateId;
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
    holder: view.header.issuer,
    holderCode: codeOf(sovereign, view.header.issuer),
    about,
  };
}

function termsOf({ record, parts, holderCode, thirdParty }: Request) {
  return { record, parts, holder: holderCode, thirdParty };
}

/**
 * The parts that are granted. Whoever names none consents to what the ledger shows: neither to what the holder was never
 * given here, nor to what it may be given later.
 *
 * @param handed digests that this state has released to whoever asks
 * @throws Fault record.no-such-part, consent.not-asked, consent.not-handed
 */
function grantedParts(
  { about, parts: asked, id, holderCode }: Request,
  paths: readonly string[] | undefined,
  handed: ReadonlySet<string>,
): readonly string[] {
  const isAsked = (digest: string): boolean => asked === 'all' || asked.includes(digest);
  const fields = { request: id };
  if (paths === undefined) {
    const parts = about.parts.map(({ digest }) => digest).filter((each) => isAsked(each) && handed.has(each));
    if (parts.length > 0) return parts;
    throw new Fault('consent.not-handed', `this node has released nothing of this to ${holderCode}`, {
      fields,
    });
  }
  // Of what stands in a part that is named only what was asked for; the part itself has to be.
  const wanted = partsUnder(about, paths).filter(
    ({ digest, pathText }) => isAsked(digest) || paths.includes(pathText),
  );
  const parts = [...closeUpward(about, new Set(wanted.map(({ digest }) => digest)))];
  if (parts.every(isAsked)) return parts;
  throw new Fault('consent.not-asked', 'the request does not ask for all of these parts', { fields });
}

/** Consents of this state to what a request asks for. */
function standingFor(sovereign: Sovereign, { about, holder, thirdParty, purpose }: Request): Standing[] {
  const { id: record, issuer: originator } = about.header;
  return standingOf(sovereign, about, { record, originator, holder, thirdParty, purpose });
}

function requireOwn({ self }: Sovereign, { header }: View): void {
  if (header.issuer === self.state) return;
  throw new Fault('record.not-own', 'only its originator consents to the release of a record', {
    fields: { record: header.id },
  });
}
