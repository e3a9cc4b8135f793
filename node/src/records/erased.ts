import { Fault } from '@comity/fault';
import type { RecordId } from '@comity/record';
import { formatTime } from '../operations/shapes.ts';
import { codeOrId } from '../peers/state-codes.ts';
import type { Sovereign } from '../sovereign.ts';

/** What is left of a record whose content was destroyed here. */
export interface Erased {
  /** Null where it is not known any more. */
  readonly at: string | null;
  /** Code, or id, of the state that asked for it; null where no order did, or it is not known here any more. */
  readonly by: string | null;
  /** Why, in one word. */
  readonly reason: string;
  /** Id of the order. */
  readonly order: string | null;
}

/** When, by whom and why a record was erased here; undefined for all others. */
export async function erasedOf(sovereign: Sovereign, id: RecordId): Promise<Erased | undefined> {
  const tombstone = await sovereign.store.tombstone(id);
  if (tombstone === undefined) return undefined;
  const { atSeconds, order, reason } = tombstone;
  const known = order === null ? undefined : sovereign.orders.get(order);
  return {
    at: atSeconds === null ? null : formatTime(atSeconds),
    by: known === undefined ? null : codeOrId(sovereign, known.order.issuer),
    reason,
    order,
  };
}

/** Whether a fault, for whom looks for a record that is not held, can say more: that it was, and who took it back. */
export async function notHeld(sovereign: Sovereign, id: RecordId): Promise<Fault> {
  const erased = await erasedOf(sovereign, id);
  if (erased === undefined)
    return new Fault('record.not-found', `no record ${id.slice(0, 12)} is held here`, { fields: { id } });
  return new Fault('record.not-found', `the record ${id.slice(0, 12)} ${erasedText(erased)}`, {
    fields: {
      id,
      reason: erased.reason,
      ...(erased.at !== null && { erasedAt: erased.at }),
      ...(erased.by !== null && { by: erased.by }),
      ...(erased.order !== null && { order: erased.order }),
    },
  });
}

export function erasedText({ at, by, reason, order }: Erased): string {
  const when = at === null ? '' : ` at ${at}`;
  const why = `reason ${reason}${order === null ? '' : `, order ${order.slice(0, 12)}`}`;
  const whose = by === null ? 'was erased here' : `was recalled by ${by}, and erased here`;
  return `${whose}${when} (${why})`;
}

/** Ids of records that were erased here by an order and begin so, at most two: enough to know that it is not one. */
export async function erasedIdsBeginning(
  { orders, store }: Pick<Sovereign, 'orders' | 'store'>,
  prefix: string,
): Promise<RecordId[]> {
  const found = new Set<RecordId>();
  for (const { order } of orders.all()) {
    if (found.size === 2) break;
    if (order.kind !== 'recall' || !order.record.startsWith(prefix)) continue;
    if ((await store.tombstone(order.record)) !== undefined) found.add(order.record);
  }
  return [...found];
}
