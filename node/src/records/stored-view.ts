import { equalBytes } from '@comity/digest';
import { type FaultCode, isFault } from '@comity/fault';
import type { StateId } from '@comity/label';
import { authoriseBytes, authoriseKept } from '@comity/ledger';
import { openView, type View } from '@comity/record';
import type { StoredRecord } from '@comity/store';
import type { Events } from '../events.ts';
import type { Sovereign } from '../sovereign.ts';

/** A record as far as it is needed to open it. One that is not held yet has no sources. */
type Sealed = Pick<StoredRecord, 'bytes' | 'disclosures'> & Partial<Pick<StoredRecord, 'sources'>>;
type Opening = Pick<Sovereign, 'directory' | 'now'>;

/**
 * The view of a stored record. It climbs the ladder again from the stored bytes: a row that was changed on disk in a way
 * its digest does not show is still not shown as somebody's record.
 *
 * @throws Fault as `authoriseBytes` and `openView`
 */
export function openStored(sovereign: Opening, record: Sealed): View {
  return openView(
    authoriseBytes(record.bytes, sovereign.directory, sovereign.now(), heldSince(record)),
    record.disclosures,
  );
}

/**
 * As `openStored`, without computing again that the signature holds. It did before the record was stored, and the store opens
 * no row that anybody has changed since who has not its keys. Only for counting: whatever is shown or handed over of a record,
 * and whatever is decided about it, is of a view that climbed the whole ladder.
 *
 * @throws Fault as `openStored`, but `ed25519.*`
 */
export function openForCounting(sovereign: Opening, record: Sealed): View {
  return openView(
    authoriseKept(record.bytes, sovereign.directory, sovereign.now(), heldSince(record)),
    record.disclosures,
  );
}

/**
 * When this node first held a record, by its own clock: with that a key that was revoked since goes on counting for what it
 * signed before (key-state.md 4.5). Undefined for one that it does not hold.
 */
export function heldSince({ sources = [] }: Partial<Pick<StoredRecord, 'sources'>>): number | undefined {
  const times = sources.map(({ receivedAtSeconds }) => receivedAtSeconds);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Whether two rows of one record hold the same beside its bytes, of which its id is the digest. */
export function sameDisclosures(one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean {
  return (
    one.length === other.length && one.every((bytes, place) => equalBytes(bytes, other[place] as Uint8Array))
  );
}

/** Why a record does not open; undefined where it does. */
export function faultOf(sovereign: Opening, record: Sealed): FaultCode | undefined {
  const opened = tryOpen(sovereign, record);
  return 'code' in opened ? opened.code : undefined;
}

/** Records told of already, for each node of this process. */
const told = new WeakMap<Events, Set<string>>();
/** Ids remembered as told of: beyond that some are told of again, which costs a line and no memory. */
const MAX_TOLD = 10_000;

/**
 * As `openStored`, for whoever reads many records: one that does not open is undefined and told of in the log, once per
 * record and process. Nothing that goes through all records may fail as a whole for one of them.
 */
export function openReadable(
  sovereign: Opening & Pick<Sovereign, 'events'>,
  record: StoredRecord,
): View | undefined {
  const opened = tryOpen(sovereign, record);
  if ('view' in opened) return opened.view;
  const { events } = sovereign;
  const known = told.get(events) ?? new Set();
  told.set(events, known);
  if (known.has(record.id)) return undefined;
  if (known.size >= MAX_TOLD) known.clear();
  known.add(record.id);
  events.emit('record-unreadable', { record: record.id, code: opened.code });
  return undefined;
}

function tryOpen(sovereign: Opening, record: Sealed): { readonly view: View } | { readonly code: FaultCode } {
  try {
    return { view: openStored(sovereign, record) };
  } catch (error) {
    if (isFault(error)) return { code: error.code };
    throw error;
  }
}

/** Digests of the parts of a record that a peer has given this state; `all` where nothing of it is from anybody else. */
export type GivenParts = 'all' | ReadonlySet<string>;

/** Of a record that the peer has given nothing of. */
export const NONE_GIVEN: ReadonlySet<string> = new Set();

/** The parts that are told apart as given; none where all of it is, so that nothing is told apart. */
export function partsGiven(gave: GivenParts): ReadonlySet<string> {
  return gave === 'all' ? NONE_GIVEN : gave;
}

/** What of a record a peer has given this state itself, and so is not handed unasked (disclosure.md 8.2). */
export function givenBy({ sources }: Pick<StoredRecord, 'sources'>, state: StateId): GivenParts {
  const own = sources.filter(({ peer }) => peer === state);
  return own.some(({ parts }) => parts === undefined)
    ? 'all'
    : new Set(own.flatMap(({ parts = [] }) => parts));
}

/** Whether this node has some of a record from a peer. */
export function isSource({ sources }: Pick<StoredRecord, 'sources'>, state: StateId): boolean {
  return sources.some(({ peer }) => peer === state);
}
