import { lookup } from '@comity/record';
import { openReadable } from '../records/stored-view.ts';
import type { Sovereign } from '../sovereign.ts';

type NormKind = 'voluntary' | 'treaty';

/** Norms are few; a node that holds more than this has a different use for the type. */
const MAX_NORMS = 1_000;

/** The kinds of the norms held here, by record id and by subject: a commitment to a norm must fit its kind. */
export async function knownNormKinds(sovereign: Sovereign): Promise<ReadonlyMap<string, NormKind>> {
  const kinds = new Map<string, NormKind>();
  const { records } = await sovereign.store.records('real').list({ type: 'norm', limit: MAX_NORMS });
  for (const record of records) {
    const view = openReadable(sovereign, record);
    if (view === undefined) continue;
    const kind = lookup(view, 'kind');
    if (kind.status !== 'known' || (kind.value !== 'voluntary' && kind.value !== 'treaty')) continue;
    kinds.set(record.id, kind.value).set(view.header.subject, kind.value);
  }
  return kinds;
}
