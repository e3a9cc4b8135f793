import { readApproval, type VerifiedApproval } from '@comity/approval';
import { sha256Hex } from '@comity/digest';
import { type ApprovalFact, standingRejections } from '@comity/disclosure';
import type { StateId } from '@comity/label';
import type { RecordId, View } from '@comity/record';
import { TABLES, type WriteSet } from '@comity/store';
import type { RejectedRelease } from '../operations/approvals.ts';
import { formatTime } from '../operations/shapes.ts';
import { comparePlaces, placeFrom, placesOf, placeText } from '../records/list-places.ts';
import { openReadable } from '../records/stored-view.ts';
import { markingOf, titleText } from '../records/summary.ts';
import { byPath } from '../release/by-path.ts';
import type { Sovereign } from '../sovereign.ts';
import { enterRejection, type RejectionPlace, strikeRejection } from './rejection-list.ts';
import { factOf, verifiedStatement } from './verified-statements.ts';

/** What an officer has rejected and not taken back: it stays here, whatever the policy says, until that ends (disclosure 4.12 c). */
export interface Rejection {
  readonly statement: VerifiedApproval;
  readonly view: View;
  readonly peer: StateId;
  /** Digests of the parts that it keeps, ascending. */
  readonly parts: readonly string[];
}

/** Rejections of one answer, where nobody says how many. */
const MAX_REJECTIONS = 1_000;
/** Places of one answer of which nothing is kept any more: a page costs no more, however many of them there are. */
const MAX_STALE = 200;
/** Of the id of a record, in hexadecimal. */
const ID_DIGITS = 64;

/** The rejections of a record and a recipient that keep something here now; nothing where the record does not open. */
export async function rejectionsOf(
  sovereign: Sovereign,
  record: RecordId,
  peer: StateId,
): Promise<Rejection[]> {
  const kept = standingRejections(await saidOf(sovereign, record, peer), sovereign.now());
  const stored = kept.size === 0 ? undefined : await sovereign.store.records('real').get(record);
  const view = stored && openReadable(sovereign, stored);
  if (view === undefined) return [];
  return [...kept].map(([{ statement }, parts]) => ({ statement, view, peer, parts: parts.sort() }));
}

type Said = ApprovalFact & { readonly statement: VerifiedApproval };

async function saidOf({ store, officers }: Sovereign, record: RecordId, peer: StateId): Promise<Said[]> {
  const rows = await store.list(TABLES.approvals, [record, peer]);
  return rows.flatMap(({ row }) => {
    const statement = verifiedStatement(officers.own, row.bytes);
    return statement === undefined ? [] : { ...factOf(statement), statement };
  });
}

function rejectionPlace({ recordId, recipient, untilSeconds, bytes }: VerifiedApproval): RejectionPlace {
  return [untilSeconds, recordId, recipient, sha256Hex(bytes)];
}

/** Enters rejections in their lists, and takes those off that these statements take back, in the set that keeps them. */
export async function listRejections(
  sovereign: Sovereign,
  set: WriteSet,
  statements: readonly VerifiedApproval[],
): Promise<void> {
  const { state } = sovereign.self;
  const atSeconds = sovereign.now();
  for (const about of Map.groupBy(statements, (each) => `${each.recordId} ${each.recipient}`).values()) {
    const [{ recordId, recipient }] = about as [VerifiedApproval];
    const before = await saidOf(sovereign, recordId, recipient);
    const fresh = about.map((statement): Said => ({ ...factOf(statement), statement }));
    const kept = standingRejections([...before, ...fresh], atSeconds);
    for (const said of before) {
      // What has ended falls out of the list by itself.
      const isOver = said.decision !== 'reject' || atSeconds >= said.notAfterSeconds || kept.has(said);
      if (!isOver) strikeRejection(set, state, rejectionPlace(said.statement));
    }
    for (const { decision, statement } of fresh)
      if (decision === 'reject') enterRejection(set, state, rejectionPlace(statement));
  }
}

/** Which rejections people look at. */
interface Wanted {
  readonly peer?: StateId | undefined;
  /** The first characters of the record's id. */
  readonly record?: string | undefined;
  /** Only those after this place. */
  readonly after?: RejectionPlace | undefined;
}

/** Where rejections stand that have not ended, those that end first before the others. Of a record that is named nothing else is read. */
async function* rejectionPlaces(
  { store, self, now }: Sovereign,
  { peer, record, after }: Wanted,
): AsyncGenerator<RejectionPlace, void, undefined> {
  const running: RejectionPlace = [now() + 1, LEAST_ID, LEAST_ID, LEAST_ID];
  const from = after === undefined || comparePlaces(after, running) < 0 ? running : after;
  if (record === undefined) {
    yield* placesOf(store, TABLES.rejections, peer ?? self.state, from);
    return;
  }
  const rows = await store.list(TABLES.approvals, [], {
    from: [record.padEnd(ID_DIGITS, '0') as RecordId, LEAST_ID, LEAST_ID],
    to: [record.padEnd(ID_DIGITS, 'f') as RecordId, GREATEST_ID, GREATEST_ID],
  });
  const places = rows
    .filter(({ key }) => peer === undefined || key[1] === peer)
    .map(({ key, row }): RejectionPlace => [readApproval(row.bytes).notAfterSeconds, ...key]);
  for (const place of places.sort(comparePlaces)) if (comparePlaces(place, from) > 0) yield place;
}

const LEAST_ID = '0'.repeat(ID_DIGITS) as RecordId & StateId;
const GREATEST_ID = 'f'.repeat(ID_DIGITS) as StateId;

/** The rejections that keep something here now, for people, and for the officer who takes his own back. */
export async function rejectedReleases(
  sovereign: Sovereign,
  asked: {
    readonly peer?: string | undefined;
    readonly record?: string | undefined;
    readonly limit?: number | undefined;
    readonly after?: string | undefined;
  },
): Promise<{ state: string; rejected: RejectedRelease[]; next: string | null }> {
  const { peers, self } = sovereign;
  const { record, limit = MAX_REJECTIONS } = asked;
  const peer = asked.peer === undefined ? undefined : peers.byCode(asked.peer).state;
  const after = asked.after === undefined ? undefined : placeFrom<RejectionPlace>(asked.after);
  const rejected: RejectedRelease[] = [];
  let last: RejectionPlace | undefined;
  let stale = 0;
  for await (const place of rejectionPlaces(sovereign, { peer, record, after })) {
    if (last !== undefined && (rejected.length >= limit || stale >= MAX_STALE))
      return { state: self.state, rejected, next: placeText(last) };
    last = place;
    const [, id, recipient, digest] = place;
    const found = (await rejectionsOf(sovereign, id, recipient)).find(
      ({ statement }) => sha256Hex(statement.bytes) === digest,
    );
    if (found === undefined) stale += 1;
    else rejected.push(describe(sovereign, found));
  }
  return { state: self.state, rejected, next: null };
}

function describe(sovereign: Sovereign, { statement, view, peer, parts }: Rejection): RejectedRelease {
  const { officer, mode, purpose, addressee, rule, ruleDigest, reason, atSeconds, untilSeconds } = statement;
  const kept = new Set(parts);
  return {
    record: view.header.id,
    type: view.header.type,
    title: titleText(view) ?? null,
    peer: sovereign.peers.codeOf(peer) ?? peer,
    recipient: peer,
    mode,
    purpose,
    addressee: addressee ?? null,
    rule,
    ruleDigest,
    officer,
    rejectedAt: formatTime(atSeconds),
    until: formatTime(untilSeconds),
    reason: reason ?? null,
    parts: view.parts
      .filter(({ digest }) => kept.has(digest))
      .map(({ pathText, digest, label }) => ({
        path: pathText,
        digest,
        label: markingOf(sovereign, view, label),
      }))
      .sort((a, b) => byPath(a.path, b.path)),
  };
}
