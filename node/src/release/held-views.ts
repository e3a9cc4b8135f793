import type { StateId } from '@comity/label';
import type { View } from '@comity/record';
import { openReadable } from '../records/stored-view.ts';
import type { Sovereign } from '../sovereign.ts';

/** Records read at once. */
const PAGE_RECORDS = 256;

/** All records of a type that open; of one issuer where it is said. */
export async function viewsOfType(sovereign: Sovereign, type: string, issuer?: StateId): Promise<View[]> {
  const views: View[] = [];
  let after: string | undefined;
  do {
    const page = await sovereign.store.records('real').list({
      type,
      ...(issuer !== undefined && { issuer }),
      limit: PAGE_RECORDS,
      ...(after !== undefined && { after }),
    });
    for (const record of page.records) {
      const view = openReadable(sovereign, record);
      if (view !== undefined) views.push(view);
    }
    after = page.next;
  } while (after !== undefined);
  return views;
}

/** What says that it withdraws any of these records, as far as it opens. Whether it may, the reader judges. */
export async function retractionsOf(sovereign: Sovereign, views: readonly View[]): Promise<View[]> {
  const records = sovereign.store.records('real');
  const found = await Promise.all(views.map(({ header }) => records.retractionsOf(header.id)));
  return found.flat().flatMap((record) => openReadable(sovereign, record) ?? []);
}
