// Norms, commitments and retractions of three states (record-types.md §5 to §7).

import { type Item, map, record, sha256 } from '../cbor-text.ts';
import { encoded } from '../record/inputs.ts';
import {
  type Changes,
  type Disclosure,
  element,
  field,
  overall,
  type RecordText,
  recordText,
  withheldElements,
} from '../record/text.ts';
import { keyIdOf, keyPair } from '../signing.ts';
import { arcadia, BEGIN_SECONDS, borealis, type State, state } from '../states.ts';

const DAY = 86_400;

export const english = (text: string): Item => record({ en: text });

/** A third state, the Caldera Union, with a scheme of one level. */
export const caldera: State = state(
  'XCA',
  [0x06],
  0x31,
  map(
    [1, 'xca-2026'],
    [2, english('Caldera scheme')],
    [3, [map([1, 'all'], [2, english('All')], [3, 0])]],
    [4, []],
  ),
  [
    ['legal', []],
    ['names', english('Caldera Union')],
    ['nextd', [keyIdOf(keyPair(0x3f).publicKey)]],
    ['contacts', []],
  ],
);

/** So many days after the begin of the certificates. */
export const day = (number: number): number => BEGIN_SECONDS + number * DAY;

export const STATES: readonly State[] = [arcadia, borealis, caldera];

const LABELS: ReadonlyMap<State, Item> = new Map([
  [arcadia, map([1, 'xar-2026'], [2, 'unclassified'], [3, 'CLEAR'])],
  [borealis, map([1, 'xbo-2026'], [2, 'open'], [3, 'CLEAR'])],
  [caldera, map([1, 'xca-2026'], [2, 'all'], [3, 'CLEAR'])],
]);

export interface Options {
  readonly by?: State;
  /** Time of issue. Default: the begin. */
  readonly atSeconds?: number;
  readonly subject?: string;
  /** Claims of the payload. */
  readonly payload?: Changes;
}

/** A record whose fields are all withheld, and what tells it from others of its type and time. */
export function issued(type: string, fields: readonly Disclosure[], options: Options = {}): RecordText {
  const { by = arcadia, atSeconds = BEGIN_SECONDS, subject = 'treaty', payload = [] } = options;
  const label = LABELS.get(by) ?? null;
  return recordText({
    issuer: by,
    subject: `${type}/${subject}`,
    issuedAtSeconds: atSeconds,
    envelope: label,
    body: [overall(label, `${type} ${subject} ${atSeconds}`), ...fields],
    payload,
  });
}

export const provision = (id: string): Item => record({ id, text: english(id) });

export interface NormFields {
  readonly kind?: Item;
  readonly provisions?: readonly (Disclosure | Item)[] | null;
  readonly threshold?: number;
  readonly delayDays?: number;
  readonly noticePeriodDays?: Item;
  readonly salt?: string;
}

/** A norm, by default a treaty with two provisions. */
export function norm(fields: NormFields = {}, options: Options = {}): RecordText {
  const { kind = 'treaty', threshold, delayDays, noticePeriodDays } = fields;
  const provisions =
    fields.provisions === undefined ? ['p1', 'p2'].map((id) => element(provision(id))) : fields.provisions;
  const salt = { salt: `${fields.salt ?? ''} ${options.atSeconds ?? ''}` };
  return issued(
    'norm',
    [
      field('title', english('A norm'), salt),
      field('kind', kind, salt),
      ...(provisions === null ? [] : [field('provisions', withheldElements(provisions), salt)]),
      ...(threshold === undefined && delayDays === undefined
        ? []
        : [field('entryIntoForce', record({ threshold, delayDays }), salt)]),
      ...(noticePeriodDays === undefined ? [] : [field('noticePeriodDays', noticePeriodDays, salt)]),
    ],
    options,
  );
}

export interface CommitmentFields {
  readonly provisions?: readonly string[];
  readonly legalBasis?: string;
  readonly effectiveAt?: Item;
  readonly toReservation?: RecordText;
  readonly opposesEntry?: boolean;
  readonly confirms?: readonly RecordText[];
}

/** A commitment about a norm, or about whatever is given as `norm`. */
export function commitment(
  about: RecordText | string,
  act: Item,
  fields: CommitmentFields = {},
  options: Options = {},
): RecordText {
  const { provisions, legalBasis, effectiveAt, toReservation, opposesEntry, confirms } = fields;
  const { by = arcadia, atSeconds = BEGIN_SECONDS } = options;
  const target = typeof about === 'string' ? about : about.idText;
  const named: readonly Item[] = [toReservation, ...(confirms ?? [])].flatMap((each) => each?.idText ?? []);
  const plain: readonly Item[] = [provisions, legalBasis, effectiveAt, opposesEntry].flatMap((each) =>
    each === undefined ? [] : [each],
  );
  const content = encoded([by.code, atSeconds, target, act, ...plain, ...named]);
  const subject = options.subject ?? `c-${sha256(Buffer.from(content)).toString('hex').slice(0, 16)}`;
  const salt = { salt: subject };
  return issued(
    'commitment',
    [
      field('norm', target, salt),
      field('act', act, salt),
      ...(provisions === undefined ? [] : [field('provisions', provisions, salt)]),
      ...(legalBasis === undefined ? [] : [field('legalBasis', english(legalBasis), salt)]),
      ...(effectiveAt === undefined ? [] : [field('effectiveAt', effectiveAt, salt)]),
      ...(toReservation === undefined ? [] : [field('toReservation', toReservation.idText, salt)]),
      ...(opposesEntry === undefined ? [] : [field('opposesEntry', opposesEntry, salt)]),
      ...(confirms === undefined
        ? []
        : [
            field(
              'confirms',
              confirms.map(({ idText }) => idText),
              salt,
            ),
          ]),
    ],
    { ...options, subject },
  );
}

export function retraction(of: RecordText, options: Options = {}): RecordText {
  const salt = { salt: of.idText };
  return issued(
    'retraction',
    [field('reason', english('Withdrawn'), salt), field('requestedAction', 'none', salt)],
    { ...options, subject: `r-${of.idText.slice(0, 16)}`, payload: [[5, of.id], ...(options.payload ?? [])] },
  );
}

/** A voluntary norm with the provisions p1 and p2, and an endorsement of it. */
export const voluntary: RecordText = norm({ kind: 'voluntary' });
export const endorsed: RecordText = commitment(voluntary, 'endorse');

/** The view without the disclosures of these fields at its root, and without decoys. */
export function without(text: RecordText, ...names: readonly string[]): Buffer {
  const tails = names.map((name) => field(name, null).bytes.subarray(-name.length));
  return text.view(
    text.parts.filter(({ bytes }) => !tails.some((tail) => bytes.subarray(-tail.length).equals(tail))),
  );
}
