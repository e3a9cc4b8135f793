import { Fault } from '@comity/fault';
import { headerOf, type RecordId } from '@comity/record';
import { type OrderRow, TABLES, WriteSet } from '@comity/store';
import { pathsOf } from '../consents/release-terms.ts';
import type { RecordSummary } from '../operations/shapes.ts';
import { localUser } from '../process/local-user.ts';
import { findStored } from '../records/find-record.ts';
import { openReadable } from '../records/stored-view.ts';
import { summariseStored } from '../records/summary.ts';
import type { Sovereign } from '../sovereign.ts';
import { execute } from './apply-orders.ts';
import type { KnownOrder } from './orders.ts';

function settingOf(record: RecordId): string {
  return `retained/${record}`;
}

/** Whether this state's law obliges it to keep a record, as its people have said. */
export async function isRetained(sovereign: Sovereign, record: RecordId): Promise<boolean> {
  return (await retainedBecause(sovereign, record)) !== undefined;
}

/** Why a record of another state is kept though it be recalled; undefined where it is not. */
export async function retainedBecause({ store }: Sovereign, record: RecordId): Promise<string | undefined> {
  const because = await store.get(TABLES.settings, [settingOf(record)]);
  return typeof because === 'string' ? because : undefined;
}

/**
 * Says that a record of another state is kept though it be recalled, and why, or that it is no longer. A recall is then not
 * obeyed by itself: a person decides. Nothing of a recalled record is shown to other states in the meantime.
 *
 * @throws Fault record.not-found, record.ambiguous-id, record.own
 */
export async function retainRecord(
  sovereign: Sovereign,
  { id, because, end }: { readonly id: string; readonly because: string; readonly end: boolean },
): Promise<{ record: string; retained: boolean }> {
  const { store, self } = sovereign;
  const stored = await findStored(sovereign, id);
  if (stored.sources.every(({ peer }) => peer === null))
    throw new Fault('record.own', `${self.charter.code} has issued the record itself: nobody recalls it`, {
      fields: { record: stored.id },
    });
  const set = new WriteSet();
  if (end) set.delete(TABLES.settings, [settingOf(stored.id)]);
  else set.put(TABLES.settings, [settingOf(stored.id)], because);
  set.audit({
    atSeconds: sovereign.now(),
    event: end ? 'record-retention-ended' : 'record-retained',
    fields: { record: stored.id, user: localUser() },
  });
  // In turn with orders: what is said to be retained is retained, or gone already.
  await sovereign.releases.take(async () => {
    await findStored(sovereign, stored.id);
    await store.commit(set);
  });
  return { record: stored.id, retained: !end };
}

/** What a person decides about an order. */
interface Deciding {
  readonly id: string;
  readonly refuse?: 'retention' | 'evidence' | undefined;
  /** Only say what is decided about. */
  readonly dryRun: boolean;
}

/** What was decided, and about what. */
interface Decided {
  readonly order: string;
  /** The record, as it is before; null where none is held. */
  readonly about: RecordSummary | null;
  /** Paths of the parts that are taken back; empty for the whole record. */
  readonly parts: string[];
  readonly outcome: 'applied' | 'refused' | null;
}

/**
 * Decides about an order that waits for a person: obeys it, or refuses it with the reason that its originator is told. What was
 * refused because the record had to be kept can be obeyed later.
 *
 * @throws Fault order.not-found, order.decided
 */
export async function decideOrder(sovereign: Sovereign, { id, refuse, dryRun }: Deciding): Promise<Decided> {
  const known = findOrder(sovereign, id);
  const { order } = known;
  const outcome = refuse === undefined ? 'applied' : 'refused';
  const requireWaiting = (): void => {
    const row = sovereign.orders.get(order.id)?.row;
    if (row === undefined || !(row.state === 'acknowledged' || (outcome === 'applied' && isKeptByLaw(row))))
      throw new Fault('order.decided', 'the order does not wait for a decision', {
        fields: { order: order.id, state: row?.state ?? null },
      });
  };
  if (dryRun) requireWaiting();
  const named = { order: order.id, ...(await takenBackBy(sovereign, order)) };
  if (dryRun) return { ...named, outcome: null };
  await execute(sovereign, known, async () => {
    requireWaiting();
    return { outcome, ...(refuse !== undefined && { reason: refuse }) };
  });
  return { ...named, outcome };
}

/** What is held here of what an order takes back. */
async function takenBackBy(
  sovereign: Sovereign,
  order: KnownOrder['order'],
): Promise<Pick<Decided, 'about' | 'parts'>> {
  const stored = 'record' in order ? await sovereign.store.records('real').get(order.record) : undefined;
  // An order is about a record of its issuer: nothing is told of another state's that it names.
  if (stored === undefined || headerOf(stored.bytes).issuer !== order.issuer)
    return { about: null, parts: [] };
  const digests = order.kind === 'narrow' ? order.digests : [];
  return {
    about: await summariseStored(sovereign, stored),
    parts: pathsOf(openReadable(sovereign, stored), digests),
  };
}

/** What was refused for a time can be obeyed when that is over: of several reports the last one counts (ledger.md 8.2). */
function isKeptByLaw({ state, reason }: OrderRow): boolean {
  return state === 'refused' && (reason === 'retention' || reason === 'evidence');
}

/** @throws Fault order.not-found */
export function findOrder({ orders }: Sovereign, id: string): KnownOrder {
  const found = orders.all().filter(({ order }) => order.id.startsWith(id));
  const [known] = found;
  if (known === undefined || found.length > 1)
    throw new Fault('order.not-found', `no order ${id}, or more than one`, { fields: { order: id } });
  return known;
}
