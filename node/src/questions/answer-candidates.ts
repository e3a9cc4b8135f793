import type { RecordTypes } from '@comity/disclosure';
import type { StateId } from '@comity/label';
import type { Question } from '@comity/query';
import { isRecordType } from '@comity/record';
import { type RecordQuery, recordCursor, type StoredRecord } from '@comity/store';
import type { Sovereign } from '../sovereign.ts';

/** Records read at a time: so few that reading them holds up nobody. */
const RECORDS_PER_PAGE = 128;

/**
 * The stored records among which the answers to a question are, newest first (answer-order.ts). Left out is what the
 * indexes tell without reading any record: what the policy lets the peer have nothing of, and what the question excludes by
 * what is in the clear in every view, its type and time. Nothing that is left out could be an answer.
 */
export async function* answerCandidates(
  { store, door, self }: Pick<Sovereign, 'store' | 'door' | 'self'>,
  peer: StateId,
  { purpose, types, sinceSeconds, before }: Question,
): AsyncGenerator<StoredRecord, void, undefined> {
  const own = amongst(door.reach(peer, 'query', purpose), types);
  const others = amongst(door.reach(peer, 'relay', purpose), types);
  const all = either(own, others);
  const query: RecordQuery = {
    reverse: true,
    limit: RECORDS_PER_PAGE,
    ...(all !== 'any' && { type: [...all] }),
    ...(others !== 'any' && others.size === 0 && { issuer: self.state }),
    ...(sinceSeconds !== undefined && { sinceSeconds }),
  };
  let after = before === undefined ? undefined : recordCursor(before.issuedAtSeconds, before.recordId);
  for (;;) {
    const page = await store.records('real').list({ ...query, ...(after !== undefined && { after }) });
    yield* page.records;
    if (page.next === undefined) return;
    after = page.next;
  }
}

function amongst(reach: RecordTypes, asked: readonly string[] | undefined): RecordTypes {
  if (asked === undefined) return reach;
  // What is no record type is the type of no record.
  return new Set(asked.filter((type) => isRecordType(type) && (reach === 'any' || reach.has(type))));
}

function either(one: RecordTypes, other: RecordTypes): RecordTypes {
  return one === 'any' || other === 'any' ? 'any' : new Set([...one, ...other]);
}
