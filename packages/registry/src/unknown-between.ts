import { factOf, type RecordId, type View } from '@comity/record';
import { type Act, isConsent } from './act.ts';
import type { NormActs, SaidAct } from './norm-acts.ts';
import type { StateStanding } from './norm-status.ts';
import { lastingConsentOf, reservationOf, statementOf } from './reservation.ts';

/** Fields of a record that a reader would have to know. */
export interface UnknownFields {
  readonly id: RecordId;
  readonly fields: readonly string[];
}

/** In the order of record-types.md §6. */
const ORDER = [
  'norm',
  'provisions',
  'act',
  'legalBasis',
  'effectiveAt',
  'toReservation',
  'opposesEntry',
  'confirms',
];

/** What is not known and would change what is between two states, in ascending order of ids (record-types.md 8.24). */
export function unknownBetween(read: NormActs, pair: readonly StateStanding[]): readonly UnknownFields[] {
  const { terms, said, withheld } = read;
  const states = new Set(pair.map(({ state }) => state));
  const found: UnknownFields[] = [];
  const add = (id: RecordId, fields: readonly string[]): void => {
    if (fields.length > 0) found.push({ id, fields });
  };
  add(terms.header.id, terms.unknown);
  for (const view of withheld) {
    if (states.has(view.header.issuer)) add(view.header.id, unknownOf(view, ['norm', 'act']));
  }
  const unsettled = new Set(pair.filter((each) => isUnsettled(each, read)).map(({ state }) => state));
  const anyUnsettled = unsettled.size > 0;
  for (const act of read.acts) {
    const isOfPair = states.has(act.issuer);
    const fields = isOfPair ? fieldsOf(act, unsettled.has(act.issuer)) : fieldsOfThird(act, anyUnsettled);
    add(act.id, unknownOf((said.get(act.id) as SaidAct).view, fields));
  }
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Whether a reservation of a state is late or not confirmed, as far as is known. */
function isUnsettled({ acts }: StateStanding, read: NormActs): boolean {
  const consent = lastingConsentOf(acts);
  if (consent === undefined) return false;
  return acts
    .filter(({ act }) => act === 'reserve')
    .map((act) => reservationOf(statementOf(act, read), consent, read))
    .some(({ late, madeSeconds }) => late || madeSeconds === undefined);
}

function fieldsOf(act: Act, unsettled: boolean): readonly string[] {
  if (isConsent(act)) return ['provisions', 'effectiveAt', ...(unsettled ? ['confirms'] : [])];
  if (act.act === 'sign' || act.act === 'withdraw') return ['effectiveAt'];
  if (act.act === 'object') return ['provisions', 'effectiveAt', 'toReservation', 'opposesEntry'];
  return ['provisions', 'effectiveAt', ...(act.act === 'declared-variance' ? ['legalBasis'] : [])];
}

/** Other states count for the threshold, and for what becomes of a late reservation. */
function fieldsOfThird(act: Act, unsettled: boolean): readonly string[] {
  if (isConsent(act) || act.act === 'withdraw') return ['effectiveAt'];
  return act.act === 'object' && unsettled ? ['effectiveAt', 'toReservation'] : [];
}

function unknownOf(view: View, fields: readonly string[]): readonly string[] {
  return ORDER.filter(
    (field) => fields.includes(field) && factOf(view, field, (value) => value).status === 'unknown',
  );
}
