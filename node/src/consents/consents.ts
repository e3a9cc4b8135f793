import type { StateId } from '@comity/label';
import type { RecordHeader, RecordId, View } from '@comity/record';
import { type Consent, consentsOf } from '@comity/registry';
import { TABLES, WriteSet } from '@comity/store';
import { Turns } from '../process/turns.ts';
import { reconcile, reviseDoor } from '../recovery/reconcile.ts';
import { retractionsOf, viewsOfType } from '../release/held-views.ts';
import type { Sovereign } from '../sovereign.ts';

type Stored = Pick<RecordHeader, 'issuer' | 'type' | 'retracts'>;

/** A record on its way from a holder to a third party, for one purpose. */
export interface Handing {
  readonly record: RecordId;
  readonly originator: StateId;
  readonly holder: StateId;
  readonly thirdParty: StateId;
  readonly purpose: string;
}

/**
 * What originators allow other states to do with their records, as the grants that are held say it. In memory: there are few
 * of them, and every decision about a record of another state asks.
 */
export class Consents {
  /** One reading after the other: one that began later must not be overtaken. */
  readonly #turns = new Turns();
  #byRecord: ReadonlyMap<RecordId, readonly (Consent & { readonly issuer: StateId })[]> = new Map();
  /** By issuer the ids of all release-grants that were read, whatever they say. */
  readonly #read = new Map<StateId, ReadonlySet<RecordId>>();
  /** Whose grants the next reading reads, and that reading, while it waits for its turn. */
  #next: { readonly issuers: Set<StateId>; readonly done: Promise<ReadonlySet<RecordId>> } | undefined;

  /** Records to which there are consents. */
  get records(): Pick<ReadonlySet<RecordId>, 'has'> & Iterable<RecordId> {
    const byRecord = this.#byRecord;
    return { has: (id) => byRecord.has(id), [Symbol.iterator]: () => byRecord.keys() };
  }

  /** The consents to a record: none but its originator gives them. */
  of({ id, issuer }: Pick<RecordHeader, 'id' | 'issuer'>): readonly Consent[] {
    const given = this.#byRecord.get(id);
    return given === undefined ? [] : given.filter((consent) => consent.issuer === issuer);
  }

  /**
   * The consents to one handing on that are not over, whichever request they answer.
   *
   * @param atSeconds UTC seconds
   */
  standing(
    { record, originator, holder, thirdParty, purpose }: Handing,
    atSeconds: number,
  ): readonly Consent[] {
    return this.of({ id: record, issuer: originator }).filter(
      (consent) =>
        consent.holder === holder &&
        consent.thirdParty === thirdParty &&
        consent.purposes.includes(purpose) &&
        atSeconds < consent.untilSeconds,
    );
  }

  /** Whether records say anything to what originators allow: a release-grant, or the retraction of one that was read. */
  areToldBy(stored: readonly Stored[]): boolean {
    return stored.some(
      ({ type, retracts }) => type === 'release-grant' || (retracts !== undefined && this.#reads(retracts)),
    );
  }

  /**
   * Reads grants again.
   *
   * @param issuers whose: what one state says changes nothing about what others do; absent: all
   * @returns records about which something has changed
   */
  refresh(sovereign: Sovereign, issuers?: Iterable<StateId>): Promise<ReadonlySet<RecordId>> {
    if (issuers === undefined) return this.#turns.take(() => this.#refresh(sovereign, undefined));
    // However many grants come meanwhile, one reading after the one that runs reads them all.
    if (this.#next === undefined) {
      const wanted = new Set<StateId>();
      const done = this.#turns.take(() => {
        this.#next = undefined;
        return this.#refresh(sovereign, wanted);
      });
      this.#next = { issuers: wanted, done };
    }
    for (const issuer of issuers) this.#next.issuers.add(issuer);
    return this.#next.done;
  }

  #reads(id: RecordId): boolean {
    return [...this.#read.values()].some((ids) => ids.has(id));
  }

  async #refresh(
    sovereign: Sovereign,
    issuers: ReadonlySet<StateId> | undefined,
  ): Promise<ReadonlySet<RecordId>> {
    const before = this.#byRecord;
    const grants: View[] = [];
    if (issuers === undefined) grants.push(...(await viewsOfType(sovereign, 'release-grant')));
    for (const issuer of issuers ?? [])
      grants.push(...(await viewsOfType(sovereign, 'release-grant', issuer)));
    const byIssuer = Map.groupBy(grants, ({ header }) => header.issuer);
    // Before their retractions are read: one that is stored from here on is read, or has them read again.
    for (const issuer of issuers ?? byIssuer.keys())
      this.#read.set(issuer, new Set((byIssuer.get(issuer) ?? []).map(({ header }) => header.id)));
    const retractions = await retractionsOf(sovereign, grants);
    const found = othersOf(before, issuers);
    // Each issuer for itself, as if every record were its own: whose a record is, is asked when it is looked at.
    for (const [issuer, given] of byIssuer) {
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
    // What this state allows others changes nothing here.
    const { state } = sovereign.self;
    return new Set([...about].filter((id) => textOf(before.get(id), state) !== textOf(found.get(id), state)));
  }
}

/**
 * After records were stored that may grant something or take it back: decides again about the records that are concerned, and
 * hands them on, or no longer.
 */
export async function followConsents(sovereign: Sovereign, stored: readonly Stored[]): Promise<void> {
  const telling = stored.filter((each) => sovereign.consents.areToldBy([each]));
  if (telling.length === 0) return;
  // What is served in the meantime is decided by what is known already, and not by what stood before.
  const settled = sovereign.door.doubt();
  try {
    const issuers = new Set(telling.map(({ issuer }) => issuer));
    await decideAgain(sovereign, await sovereign.consents.refresh(sovereign, issuers));
  } finally {
    settled();
  }
}

/** Has records looked at again for handing them on, also where the node stops before it comes to that. */
export async function decideAgain(sovereign: Sovereign, given: Iterable<RecordId>): Promise<void> {
  const records = [...given];
  if (records.length === 0) return;
  const atSeconds = sovereign.now();
  const set = new WriteSet();
  for (const id of records) set.put(TABLES.due, [atSeconds, id], atSeconds);
  await reviseDoor(sovereign, set, () => {});
  await reconcile(sovereign, [], () => {});
}

/** What is the same for the same consents of others. */
function textOf(consents: readonly (Consent & { readonly issuer: StateId })[] = [], self: StateId): string {
  return JSON.stringify(
    consents
      .filter(({ issuer }) => issuer !== self)
      .map(({ parts, ...rest }) => ({ ...rest, parts: parts === 'all' ? parts : [...parts].sort() })),
  );
}

/** What is known by now, without what these issuers have said; of all of them: nothing. */
function othersOf(
  known: ReadonlyMap<RecordId, readonly (Consent & { readonly issuer: StateId })[]>,
  issuers: ReadonlySet<StateId> | undefined,
): Map<RecordId, (Consent & { readonly issuer: StateId })[]> {
  const others = new Map<RecordId, (Consent & { readonly issuer: StateId })[]>();
  if (issuers === undefined) return others;
  for (const [record, consents] of known) {
    const left = consents.filter(({ issuer }) => !issuers.has(issuer));
    if (left.length > 0) others.set(record, left);
  }
  return others;
}
