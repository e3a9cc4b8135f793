// Norms, commitments and retractions of a few states, as their issuers hold them: with every part and every decoy.

import type { ClassificationScheme, Label, StateId } from '@comity/label';
import {
  closeUpward,
  type DraftContent,
  type IssueOptions,
  issueRecord,
  narrowView,
  type RecordDraft,
  type RecordId,
  type View,
} from '@comity/record';

type Value = Extract<DraftContent, { readonly kind: 'value' }>['value'];

export const DAY = 86_400;

/** Midnight of a day; day 0 is 2026-01-01. */
export const day = (number: number): number => 1_767_225_600 + number * DAY;

/** State ids in ascending order. */
export const STATES: readonly StateId[] = ['a1', 'b2', 'c3', 'd4', 'e5'].map(
  (byte) => byte.repeat(32) as StateId,
);

const english = (text: string) => new Map([['en', text]]);
const scheme: ClassificationScheme = {
  id: 'plain',
  name: english('Plain'),
  levels: [{ id: 'open', name: english('Open'), rank: 0 }],
  categorySets: [],
};
const label: Label = { scheme: 'plain', classification: 'open', tlp: 'CLEAR' };

type Key = IssueOptions['signer'];

let signer: Key | undefined;

/** Every state of these tests signs with this key: whose it is does not matter to what records add up to. */
export function signWith(key: Key): void {
  signer = key;
}

type Fields = Readonly<Record<string, Value | readonly Value[] | undefined>>;

export interface IssuedOptions {
  /** Place in `STATES`. */
  readonly by?: number;
  readonly onDay?: number;
  readonly subject?: string;
  readonly exercise?: string;
  readonly supersedes?: readonly View[];
  readonly retracts?: View;
  readonly expiresOnDay?: number;
}

/** Issues a record of a type. A field that is undefined is left out; `provisions` of a norm is a list of parts. */
export async function issued(type: string, fields: Fields, options: IssuedOptions = {}): Promise<View> {
  const {
    by = 0,
    onDay = 0,
    subject = 'treaty',
    exercise,
    supersedes = [],
    retracts,
    expiresOnDay,
  } = options;
  const draft: RecordDraft = {
    type,
    subjectId: subject,
    envelope: label,
    overall: label,
    supersedes: supersedes.map(({ header }) => header.id).sort(),
    fields: Object.entries(fields).flatMap(([name, value]) =>
      value === undefined ? [] : [{ name, label, content: contentOf(type, name, value as Value) }],
    ),
    ...(exercise !== undefined && { exercise }),
    ...(retracts !== undefined && { retracts: retracts.header.id }),
    ...(expiresOnDay !== undefined && { expiresAtSeconds: day(expiresOnDay) }),
  };
  const issuer = STATES[by] as StateId;
  if (signer === undefined) throw new Error('nobody signs: signWith comes first');
  return (await issueRecord(draft, { issuer, scheme, atSeconds: day(onDay), entropy, signer })).view;
}

export interface NormFields {
  readonly kind?: string;
  readonly provisions?: readonly string[];
  readonly threshold?: number;
  readonly delayDays?: number;
  readonly noticePeriodDays?: number;
}

export function norm(fields: NormFields = {}, options: IssuedOptions = {}): Promise<View> {
  const { kind = 'treaty', provisions = ['p1', 'p2'], threshold, delayDays, noticePeriodDays } = fields;
  const entries = Object.entries({ threshold, delayDays }).filter(([, value]) => value !== undefined);
  return issued(
    'norm',
    {
      title: english('A norm'),
      kind,
      provisions: provisions.map(
        (id) =>
          new Map<string, Value>([
            ['id', id],
            ['text', english(id)],
          ]),
      ),
      entryIntoForce: entries.length === 0 ? undefined : new Map(entries as [string, number][]),
      noticePeriodDays,
    },
    options,
  );
}

export interface CommitmentFields {
  readonly act: string;
  readonly provisions?: readonly string[];
  readonly legalBasis?: string;
  readonly effectiveOnDay?: number;
  readonly toReservation?: View;
  readonly opposesEntry?: boolean;
  readonly confirms?: readonly View[];
}

export function commitment(
  about: View | string,
  fields: CommitmentFields,
  options: IssuedOptions = {},
): Promise<View> {
  const { act, provisions, legalBasis, effectiveOnDay, toReservation, opposesEntry, confirms } = fields;
  return issued(
    'commitment',
    {
      norm: typeof about === 'string' ? about : about.header.id,
      act,
      provisions: provisions === undefined ? undefined : [...provisions],
      legalBasis: legalBasis === undefined ? undefined : english(legalBasis),
      effectiveAt: effectiveOnDay === undefined ? undefined : day(effectiveOnDay),
      toReservation: toReservation?.header.id,
      opposesEntry,
      confirms: confirms?.map(({ header }) => header.id),
    },
    options,
  );
}

export function retraction(of: View, onDay: number, options: IssuedOptions = {}): Promise<View> {
  const by = STATES.indexOf(of.header.issuer);
  return issued(
    'retraction',
    { reason: english('Withdrawn'), requestedAction: 'none' },
    { by, retracts: of, onDay, ...options },
  );
}

export interface GrantFields {
  readonly decision?: string;
  /** Default: the record id of nothing. */
  readonly about?: View;
  readonly parts?: 'all' | readonly string[];
  /** Places in `STATES`. */
  readonly holder?: number;
  readonly thirdParty?: number;
  readonly purposes?: readonly string[];
  readonly fromDay?: number;
  readonly untilDay?: number;
}

/** A release-grant by the first state, of everything, from the second to the third, for 30 days from day 0 on. */
export function releaseGrant(fields: GrantFields, options: IssuedOptions = {}): Promise<View> {
  const { decision = 'grant', about, parts = 'all', holder = 1, thirdParty = 2 } = fields;
  const { purposes = ['incident-response'], fromDay = 0, untilDay = 30 } = fields;
  const isGrant = decision === 'grant';
  return issued(
    'release-grant',
    {
      decision,
      record: about?.header.id ?? '00'.repeat(32),
      parts,
      holder: STATES[holder],
      thirdParty: STATES[thirdParty],
      purposes: isGrant ? purposes : undefined,
      notBefore: isGrant ? day(fromDay) : undefined,
      notAfter: isGrant ? day(untilDay) : undefined,
      reason: decision === 'refuse' ? english('Not this time') : undefined,
    },
    options,
  );
}

/** The view without some of its root fields, and without decoys: as others hold it. */
export function without(view: View, ...fields: readonly string[]): View {
  const kept = view.parts.filter(({ path }) => !fields.includes(path[0] as string));
  return narrowView(view, new Set(kept.map(({ digest }) => digest)));
}

/** Numbers below a bound, the same in every run. */
export function drawing(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/**
 * Records as they might arrive: in any order, some of them twice, each as views of some of its parts and as a whole. Decoys are in
 * no narrowed view: the whole one has to come as well.
 *
 * @param numbers natural numbers that decide it
 */
export function arriving(numbers: Iterator<number>): (views: readonly View[]) => View[] {
  const next = (max: number): number => Number(numbers.next().value) % max;
  const pieces = (view: View): View[] => {
    const roots = view.parts.map(({ digest }) => digest);
    const cut = next(roots.length);
    return [roots.slice(0, cut), roots.slice(cut)]
      .map((kept) => narrowView(view, closeUpward(view, new Set(kept))))
      .concat(view);
  };
  return (views) =>
    [...views, ...views.slice(0, next(3))]
      .flatMap(pieces)
      .map((view) => ({ view, at: next(1_000_000) }))
      .sort((a, b) => a.at - b.at)
      .map(({ view }) => view);
}

export const idOf = (view: View): RecordId => view.header.id;

function contentOf(type: string, name: string, value: Value): DraftContent {
  if (type !== 'norm' || name !== 'provisions' || !Array.isArray(value)) return { kind: 'value', value };
  return {
    kind: 'elements',
    elements: value.map((element: Value) => ({ label, content: { kind: 'value', value: element } })),
  };
}

let drawn = 0;

/** Bytes that no two calls repeat, the same in every run. */
function entropy(byteLength: number): Uint8Array {
  drawn += 1;
  const bytes = new Uint8Array(byteLength);
  for (let index = 0; index < byteLength; index += 1) bytes[index] = (drawn >>> (8 * (index % 4))) ^ index;
  return bytes;
}
