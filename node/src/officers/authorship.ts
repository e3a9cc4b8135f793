import { type Expected, type OfficerDirectory, takeAct, verifyAct } from '@comity/approval';
import { fromHex, sha256Hex } from '@comity/digest';
import type { Situation } from '@comity/disclosure';
import { Fault, isFault } from '@comity/fault';
import type { RecordId } from '@comity/record';
import { TABLES, WriteSet } from '@comity/store';
import { findRecord } from '../records/find-record.ts';
import type { Sovereign } from '../sovereign.ts';

/** The act by which an officer says that he wrote a record: its subject is the id of the record. */
export const CLAIM = 'record.claim';

type Author = Pick<Situation, 'author' | 'isAuthorProven'>;

/** Who wrote a record of this state: somebody who is named, or an officer who has signed it, with what he has signed. */
type AuthorRow = string | readonly [officer: string, claim: Uint8Array];

/** Claims that were verified, with the officers as they were known then: every decision about a record asks. */
const verified = new WeakMap<OfficerDirectory, { revision: number; claims: Map<string, boolean> }>();
const MAX_CLAIMS = 65_536;

/** The records of this state of which somebody has signed that he wrote them. */
export async function claimedRecords({ store }: Pick<Sovereign, 'store'>): Promise<ReadonlySet<RecordId>> {
  const rows = await store.list(TABLES.authors, []);
  return new Set(rows.filter(({ row }) => Array.isArray(row)).map(({ key: [record] }) => record));
}

/**
 * The author of a record of this state. He is proven where an officer has signed that he wrote it: verified again whenever
 * something is learnt about officers. What does not verify proves nothing, and keeps whom it names from deciding.
 */
export async function authorOf(
  { store, officers }: Pick<Sovereign, 'store' | 'officers'>,
  record: RecordId,
): Promise<Author> {
  const row = (await store.get(TABLES.authors, [record])) as AuthorRow | undefined;
  if (row === undefined) return {};
  if (typeof row === 'string') return { author: row };
  const [author, claim] = row;
  return { author, isAuthorProven: isClaimValid(officers.own, record, author, claim) };
}

function isClaimValid(
  officers: OfficerDirectory,
  record: RecordId,
  author: string,
  claim: Uint8Array,
): boolean {
  let known = verified.get(officers);
  if (known?.revision !== officers.revision || known.claims.size >= MAX_CLAIMS) {
    known = { revision: officers.revision, claims: new Map() };
    verified.set(officers, known);
  }
  const key = `${record} ${author} ${sha256Hex(claim)}`;
  const found = known.claims.get(key) ?? verifies(officers, record, author, claim);
  known.claims.set(key, found);
  return found;
}

function verifies(officers: OfficerDirectory, record: RecordId, author: string, claim: Uint8Array): boolean {
  try {
    return verifyAct(claim, officers, claimOf(record)).officer === author;
  } catch (error) {
    if (isFault(error)) return false;
    throw error;
  }
}

export function claimOf(record: RecordId): Expected {
  return { act: CLAIM, subject: fromHex(record) };
}

/**
 * Takes in what an officer has signed: that he wrote a record of this state. Nobody takes the authorship from an officer who is
 * named or has signed already. It takes no more than to approve would: who says falsely that he wrote it does not count himself,
 * and one less has to.
 *
 * @throws Fault `record.not-found`, `record.ambiguous-id`, `record.claimed`, `act.*`, `approval.unknown-officer`, `approval.wrong-officer`, `officer.*`
 */
export function claimRecord(
  sovereign: Sovereign,
  idOrPrefix: string,
  claim: Uint8Array,
): Promise<{ record: RecordId; author: string }> {
  const { store, officers, self } = sovereign;
  return sovereign.releases.take(async () => {
    const atSeconds = sovereign.now();
    sovereign.clock.assertTrusted();
    const { id: record, issuer } = (await findRecord(sovereign, idOrPrefix)).view.header;
    if (issuer !== self.state)
      throw new Fault('record.not-found', 'this state has issued no such record', { fields: { record } });
    const { officer } = takeAct(claim, officers.own, claimOf(record), atSeconds);
    const { author, isAuthorProven } = await authorOf(sovereign, record);
    const isAnother = author !== undefined && author !== officer && officers.isOwn(author);
    if (isAnother)
      throw new Fault('record.claimed', `${author} is its author`, { fields: { record, author } });
    if (isAuthorProven === true) return { record, author: officer };
    const set = new WriteSet()
      .put(TABLES.authors, [record], [officer, claim])
      .audit({ atSeconds, event: 'record-claimed', fields: { record, officer } });
    // Fewer have to approve now: what some have approved may go.
    const said = await store.list(TABLES.approvals, [record], { limit: 1 });
    if (said.length > 0) set.put(TABLES.due, [atSeconds, record], atSeconds);
    await store.commit(set);
    return { record, author: officer };
  });
}
