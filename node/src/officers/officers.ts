import { type KnownOfficer, OfficerDirectory, verifyOfficer } from '@comity/approval';
import { toHex } from '@comity/digest';
import { type FaultCode, isFault } from '@comity/fault';
import type { KeyDirectory } from '@comity/identity';
import type { StateId } from '@comity/label';
import { type Store, TABLES } from '@comity/store';
import { aboutOf, provenOfficers, type RosterAct } from './roster.ts';

/** An officer whose certificate is stored and does not verify: nothing that he signs counts. */
export interface UnreadableOfficer {
  readonly state: StateId;
  readonly id: string;
  /** Why. */
  readonly code: FaultCode;
}

/** The officers that a node knows: its own state's, who decide here, and those of peers, to whom letters can be sealed. */
export class Officers {
  /** Those of this state: the only ones whose approvals count here. */
  readonly own: OfficerDirectory;
  readonly #foreign = new Map<StateId, OfficerDirectory>();
  readonly #unreadable: UnreadableOfficer[] = [];

  constructor(self: StateId) {
    this.own = new OfficerDirectory(self);
  }

  /** The officers of a state that are known; of one that has shown none, an empty directory. */
  of(state: StateId): OfficerDirectory {
    if (state === this.own.state) return this.own;
    return this.#foreign.get(state) ?? new OfficerDirectory(state);
  }

  /** Whether somebody is an officer of this state, or was one. */
  isOwn(id: string): boolean {
    return this.own.list().some(({ officer }) => officer.id === id);
  }

  /** Takes an officer in, or over that he is ended or proven. @throws Fault `officer.key-certified-twice` */
  add({ officer, endedAtSeconds, isProven }: KnownOfficer): void {
    const directory = this.of(officer.state);
    directory.add(officer, endedAtSeconds, isProven);
    if (directory !== this.own) this.#foreign.set(officer.state, directory);
  }

  /** All that verify: this state's first. */
  all(): readonly KnownOfficer[] {
    return [this.own, ...this.#foreign.values()].flatMap((directory) => directory.list());
  }

  unreadable(): readonly UnreadableOfficer[] {
    return this.#unreadable;
  }

  /** Notes that a stored certificate does not verify. */
  setUnreadable(officer: UnreadableOfficer): void {
    this.#unreadable.push(officer);
  }
}

/** Everything stored about officers, verified again. What is refused is set aside, and keeps the node from nothing else. */
export async function loadOfficers(store: Store, self: StateId, directory: KeyDirectory): Promise<Officers> {
  const officers = new Officers(self);
  const known: KnownOfficer[] = [];
  for (const { key, row } of await store.list(TABLES.officers, [])) {
    const [state, id] = key;
    try {
      known.push({ officer: verifyOfficer(row.bytes, directory), endedAtSeconds: row.endedAtSeconds });
    } catch (error) {
      if (!isFault(error)) throw error;
      officers.setUnreadable({ state, id, code: error.code });
    }
  }
  const charter = directory.charterOf(self);
  const own = known.filter(({ officer }) => officer.state === self);
  const proven = charter === undefined ? undefined : provenOfficers(own, await rosterActs(store), charter);
  // What another state has certified is its word: by whom it was given, only that state knows.
  const isProvenHere = ({ officer }: KnownOfficer): boolean =>
    officer.state !== self || proven?.has(aboutOf(officer)) === true;
  // Of two certificates for one key the first is taken: none that nobody has signed displaces one that is proven.
  const ordered = known
    .map((each): KnownOfficer => ({ ...each, isProven: isProvenHere(each) }))
    .toSorted((a, b) => Number(b.isProven) - Number(a.isProven));
  for (const each of ordered) {
    const { officer } = each;
    try {
      officers.add(each);
    } catch (error) {
      if (!isFault(error)) throw error;
      officers.setUnreadable({ state: officer.state, id: officer.id, code: error.code });
    }
  }
  return officers;
}

/** What was signed about who is an officer of this state, in its order. */
export async function rosterActs(store: Store): Promise<readonly RosterAct[]> {
  const rows = await store.list(TABLES.roster, []);
  return rows.map(({ row }) => {
    const [about, bytes] = row as unknown as readonly [string, Uint8Array];
    return { about, bytes };
  });
}

/** The key of an officer's row. */
export function rowKeyOf({ officer }: KnownOfficer): [state: StateId, officer: string, kid: string] {
  return [officer.state, officer.id, toHex(officer.kid)];
}
