import { DocumentFaults, Fault, isFault } from '@comity/fault';
import type { Marking } from '@comity/interop';
import { parseDraft } from '@comity/record';
import type { Emit } from '../control/operation.ts';
import { draftContext, type IssuedRecord, issueDrafts } from '../issue.ts';
import { formatTime } from '../operations/shapes.ts';
import { requireNoRelayWarning } from '../release/relay-warnings.ts';
import type { Sovereign } from '../sovereign.ts';
import { openReadable } from './stored-view.ts';
import { statusOfRecord } from './summary.ts';

interface ImportedEvent {
  readonly name: string;
  readonly uuid: string;
  readonly attributes: number;
  readonly drafts: number;
  readonly records: IssuedRecord[];
  readonly held: HeldAlready[];
  readonly losses: { path: string; reason: string; detail: string }[];
}

/** A current record that this state has issued from the same event. */
interface HeldAlready {
  readonly id: string;
  readonly issuedAt: string;
}

/** What the parts of imported events are labelled with, as in a draft. */
interface Labelling {
  readonly label: unknown;
  readonly envelope?: unknown;
  readonly labels?: Record<string, unknown>;
}

interface MispEvents {
  readonly events: readonly { name: string; event?: unknown }[];
  readonly labelling?: unknown;
  /** Markings that the labelling states though tags of the events are stricter. */
  readonly overrule: readonly Marking[];
  /** Exercise that all of the events belong to. */
  readonly exercise?: string | undefined;
  readonly acceptRelay: boolean;
  /** Who imports them. */
  readonly author?: string | undefined;
  readonly user?: string | undefined;
  /** Import also what is held already. */
  readonly again: boolean;
  readonly dryRun: boolean;
}

/**
 * Issues MISP events as incident records. All events are read and checked before the first is issued, so that a faulty one
 * leaves nothing half imported.
 *
 * @throws Fault interop.*, import.held-already; DocumentFaults record.*, label.*, release.relay-*
 */
export async function importMisp(
  sovereign: Sovereign,
  { events, labelling, overrule, exercise, acceptRelay, author, user, again, dryRun }: MispEvents,
  emit: Emit,
): Promise<{ events: ImportedEvent[] }> {
  // Loaded when needed: every command loads this file, and few import.
  const { importMispEvent } = await import('@comity/interop');
  const { levels } = sovereign.self.charter.scheme;
  const given = (labelling ?? { label: { classification: levels[0]?.id } }) as Labelling;
  const context = await draftContext(sovereign);
  const read = events.map(({ name, event }) => {
    const options = { labelling: given, overrule, ...(exercise !== undefined && { exercise }) };
    const { uuid, drafts, losses, attributes } = readEvent(name, () => importMispEvent(event, options));
    try {
      for (const draft of drafts) {
        const parsed = parseDraft(draft, context);
        if (!acceptRelay) requireNoRelayWarning(sovereign, parsed);
      }
    } catch (error) {
      if (!(error instanceof DocumentFaults)) throw error;
      throw new DocumentFaults(error.faults.map((fault) => ({ ...fault, place: name })));
    }
    return { name, uuid, drafts, losses: losses.map((loss) => ({ ...loss })), attributes };
  });
  const issue = (): Promise<{ events: ImportedEvent[] }> =>
    issueEvents(sovereign, read, { exercise, acceptRelay, author, user, again, dryRun }, emit);
  return dryRun ? issue() : sovereign.imports.take(issue);
}

/** An event as it was read, before it is known whether it is held. */
type ReadEvent = Omit<ImportedEvent, 'drafts' | 'records' | 'held'> & { readonly drafts: readonly unknown[] };

/** In a turn: looks what is held already, and issues the rest. */
async function issueEvents(
  sovereign: Sovereign,
  read: readonly ReadEvent[],
  {
    exercise,
    acceptRelay,
    author,
    user,
    again,
    dryRun,
  }: Pick<MispEvents, 'exercise' | 'acceptRelay' | 'author' | 'user' | 'again' | 'dryRun'>,
  emit: Emit,
): Promise<{ events: ImportedEvent[] }> {
  const nameOfEvent = new Map<string, string>();
  const imported = await Promise.all(
    read.map(async (event) => ({ ...event, held: await heldOf(sovereign, event.uuid, exercise) })),
  );
  for (const { name, uuid, held } of imported) {
    const [record] = held;
    if (again || dryRun) break;
    if (record !== undefined)
      throw heldAlready(
        name,
        uuid,
        `is held already: record ${record.id.slice(0, 12)} of ${record.issuedAt}`,
      );
    const other = nameOfEvent.get(uuid);
    if (other !== undefined) throw heldAlready(name, uuid, `is in ${other} too`);
    nameOfEvent.set(uuid, name);
  }
  const results: ImportedEvent[] = [];
  for (const { name, uuid, drafts, losses, attributes, held } of imported) {
    const records = dryRun
      ? []
      : await issueDrafts(sovereign, drafts, { acceptRelay, author, user }, () => {});
    results.push({ name, uuid, attributes, drafts: drafts.length, records, held, losses });
    emit({ progress: 'importing', done: results.length, total: imported.length });
  }
  return { events: results };
}

/** Current records that this state has issued from an event; what has been withdrawn or replaced is no reason to refuse. */
async function heldOf(
  sovereign: Sovereign,
  uuid: string,
  exercise: string | undefined,
): Promise<HeldAlready[]> {
  const { store, self } = sovereign;
  const records = store.records(exercise === undefined ? 'real' : 'exercise');
  const held: HeldAlready[] = [];
  for (const stored of await records.bySubject(`incident/${uuid}`)) {
    const view = openReadable(sovereign, stored);
    if (view?.header.issuer !== self.state || view.header.exercise !== exercise) continue;
    if ((await statusOfRecord(sovereign, view)) !== 'current') continue;
    held.push({ id: view.header.id, issuedAt: formatTime(view.header.issuedAtSeconds) });
  }
  return held;
}

function heldAlready(name: string, uuid: string, how: string): Fault {
  return new Fault('import.held-already', `${name}: the event ${uuid} ${how}`, {
    fields: { file: name, uuid },
  });
}

/** Of several files, the one at fault has to be named. */
function readEvent<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isFault(error)) throw error;
    throw new Fault(error.code, `${name}: ${error.message}`, { fields: { ...error.fields, file: name } });
  }
}
