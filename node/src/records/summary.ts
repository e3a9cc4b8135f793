import { isFault } from '@comity/fault';
import type { KeyDirectory } from '@comity/identity';
import {
  banner,
  combine,
  effectiveLabel,
  type Label,
  type StateCode,
  type StateId,
  textIn,
} from '@comity/label';
import { factOf, headerOf, type RecordHeader, titleOf, type View } from '@comity/record';
import type { StoredRecord } from '@comity/store';
import { formatTime, type RecordSummary } from '../operations/shapes.ts';
import type { Sovereign } from '../sovereign.ts';
import { faultOf, openReadable, openStored } from './stored-view.ts';

type Known = Pick<Sovereign, 'directory' | 'peers' | 'self' | 'store' | 'orders' | 'now'>;

/** What says how states are called, and knows their schemes. */
export interface Markings {
  readonly directory: Pick<KeyDirectory, 'charterOf'>;
  readonly self: { readonly state: StateId; readonly charter: { readonly code: StateCode } };
  readonly peers: { codeOf(state: StateId): StateCode | undefined };
}

/** A label as the marking that stands on a page, in the issuer's own levels. */
export function markingOf(sovereign: Markings, view: View, label: Label): string {
  const { self, peers, directory } = sovereign;
  const charter = directory.charterOf(view.header.issuer);
  if (charter === undefined) return 'UNKNOWN ISSUER';
  return banner(label, charter.scheme, {
    originator: charter.code,
    codeOf: (state) => (state === self.state ? self.charter.code : peers.codeOf(state)),
  });
}

/** The label of what is held of a record: its own overall label where that is disclosed, else the dominant one of the parts. */
export function heldLabel(sovereign: Markings & { now(): number }, view: View): string {
  const atSeconds = sovereign.now();
  if (view.overall !== undefined) return markingOf(sovereign, view, effectiveLabel(view.overall, atSeconds));
  const charter = sovereign.directory.charterOf(view.header.issuer);
  if (charter === undefined) return 'UNKNOWN ISSUER';
  const labels = [view.header.label, ...view.parts.map(({ label }) => label)].map((label) =>
    effectiveLabel(label, atSeconds),
  );
  const combined = combine([...new Set(labels)], charter.scheme);
  // Two parts for different readers have no common label: a person must look before anything is passed on.
  return 'label' in combined
    ? markingOf(sovereign, view, combined.label)
    : `${markingOf(sovereign, view, labels[0] as Label)} (MIXED: see the parts)`;
}

export function issuerName({ self, peers }: Pick<Markings, 'self' | 'peers'>, view: View): string {
  const { issuer } = view.header;
  return issuer === self.state ? self.charter.code : (peers.codeOf(issuer) ?? issuer.slice(0, 12));
}

export function titleText(view: View): string | null {
  const title = titleOf(view);
  return title.status === 'known' ? textIn(title.value, 'en').text : grantText(view);
}

/** A grant need not say why it is given: then it is called by what it says about which record. */
function grantText(view: View): string | null {
  if (view.header.type !== 'release-grant') return null;
  const [decision, record] = ['decision', 'record'].map((name) => factOf(view, name, String));
  if (decision?.status !== 'known' || record?.status !== 'known') return null;
  return `${decision.value}: ${record.value.slice(0, 12)}`;
}

export async function statusOfRecord(sovereign: Known, view: View): Promise<RecordSummary['status']> {
  const { header } = view;
  const records = sovereign.store.records(header.exercise === undefined ? 'real' : 'exercise');
  // Only the issuer withdraws or replaces its own record; what others say about it changes nothing.
  const byIssuer = (others: readonly StoredRecord[]): boolean =>
    others.some((other) => readableHeader(other)?.issuer === header.issuer);
  const recalled = sovereign.orders.recalled(header);
  if (recalled === 'all') return 'recalled';
  if (byIssuer(await records.retractionsOf(header.id))) return 'retracted';
  if (byIssuer(await records.successorsOf(header.id))) return 'superseded';
  if (header.expiresAtSeconds !== undefined && header.expiresAtSeconds <= sovereign.now()) return 'expired';
  return recalled === undefined ? 'current' : 'narrowed';
}

export async function summarise(sovereign: Known, view: View): Promise<RecordSummary> {
  const { header } = view;
  return {
    id: header.id,
    type: header.type,
    subject: header.subject,
    title: titleText(view),
    issuer: issuerName(sovereign, view),
    issuedAt: formatTime(header.issuedAtSeconds),
    label: heldLabel(sovereign, view),
    parts: view.parts.length,
    status: await statusOfRecord(sovereign, view),
    exercise: header.exercise ?? null,
  };
}

/** As `summarise`, of a record as it is stored: one that no longer opens is shown as damaged. */
export async function summariseStored(
  sovereign: Known & Pick<Sovereign, 'events'>,
  record: StoredRecord,
): Promise<RecordSummary> {
  const view = openReadable(sovereign, record);
  if (view !== undefined) return summarise(sovereign, view);
  // What it says of itself is shown; whose it is only where the signature still says so.
  const header = readableHeader(record);
  const bare = { bytes: record.bytes, disclosures: [] };
  const isSigned = faultOf(sovereign, bare) === undefined;
  return {
    id: record.id,
    type: header?.type ?? 'unknown',
    subject: header?.subject ?? 'unknown',
    title: null,
    issuer: isSigned ? issuerName(sovereign, openStored(sovereign, bare)) : 'UNVERIFIED',
    issuedAt: formatTime(header?.issuedAtSeconds ?? 0),
    label: 'DAMAGED',
    parts: 0,
    status: 'damaged',
    exercise: header?.exercise ?? null,
    damage: faultOf(sovereign, record) ?? null,
  };
}

function readableHeader({ bytes }: StoredRecord): RecordHeader | undefined {
  try {
    return headerOf(bytes);
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}
