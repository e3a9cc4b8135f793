import type { StateId } from '@comity/label';
import type { RecordHeader, RecordId, View } from '@comity/record';
import { type Consent, consentsOf } from '@comity/registry';
import type { Sovereign } from './sovereign.ts';
import { openReadable } from './stored-view.ts';

/** Records read at once. */
const PAGE_RECORDS = 256;

/**
 * What originators allow other states to do with their records, as the grants that are held say it. In memory: there are few
 * of them, and every decision about a record of another state asks.
 */
export class Consents {
  #byRecord: ReadonlyMap<RecordId, readonly (Consent & { readonly issuer: StateId })[]> = new Map();

  /** The consents to a record: none but its originator gives them. */
  of({ id, issuer }: Pick<RecordHeader, 'id' | 'issuer'>): readonly Consent[] {
    const given = this.#byRecord.get(id);
    return given === undefined ? [] : given.filter((consent) => consent.issuer === issuer);
  }

  /**
   * Reads all grants again.
   *
   * @returns records about which something has changed
   */
  async refresh(sovereign: Sovereign): Promise<ReadonlySet<RecordId>> {
    const before = this.#byRecord;
    const grants = await viewsOf(sovereign, 'release-grant');
    const retractions = await retractionsOf(sovereign, grants);
    const found = new Map<RecordId, (Consent & { issuer: StateId })[]>();
    // Each issuer for itself, as if every record were its own: whose a record is, is asked when it is looked at.
    for (const [issuer, given] of Map.groupBy(grants, ({ header }) => header.issuer)) {
      const own = retractions.filter(({ header }) => header.issuer === issuer);
      const { consents } = consentsOf({ grants: given, retractions: own, recordOf: () => ({ issuer }) });
      for (const consent of consents) {
        const known = found.get(consent.recordId) ?? [];
        known.push({ ...consent, issuer });
        found.set(consent.recordId, known);
      }
    }
    this.#byRecord = found;
    const about = new Set([...before.keys(), ...found.keys()]);
    return new Set([...about].filter((id) => textOf(before.get(id)) !== textOf(found.get(id))));
  }
}

function textOf(consents: readonly Consent[] = []): string {
  return JSON.stringify(
    consents.map(({ parts, ...rest }) => ({ ...rest, parts: parts === 'all' ? parts : [...parts].sort() })),
  );
}

async function viewsOf(sovereign: Sovereign, type: string): Promise<View[]> {
  const views: View[] = [];
  let after: string | undefined;
  do {
    const page = await sovereign.store.records('real').list({
      type,
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

async function retractionsOf(sovereign: Sovereign, grants: readonly View[]): Promise<View[]> {
  const records = sovereign.store.records('real');
  const found = await Promise.all(grants.map(({ header }) => records.retractionsOf(header.id)));
  return found.flat().flatMap((record) => openReadable(sovereign, record) ?? []);
}
