import { listOf } from './collection-forms.ts';
import { boolean, oneOf, time } from './form.ts';
import type { RecordType } from './record-type.ts';
import { normReference, recordReference } from './reference-forms.ts';
import { identifier, textMap } from './text-forms.ts';

/** What a state does about a voluntary norm (domain.md §3.4): a norm has no parties and knows no reservations. */
const VOLUNTARY_ACTS: readonly string[] = ['endorse', 'national-position', 'declared-variance'];

/** What a state does about a treaty (Vienna Convention on the Law of Treaties, articles 11 to 23, 54 to 56). */
const TREATY_ACTS: readonly string[] = [
  'sign',
  'ratify',
  'accept',
  'approve',
  'accede',
  'reserve',
  'object',
  'interpret',
  'withdraw',
];

/** By which a state consents to be bound; it may confirm reservations with it. */
const CONSENT_ACTS: readonly string[] = ['ratify', 'accept', 'approve', 'accede'];

/** Fields that say something with some acts only. */
const FIELDS_OF_ACTS: Readonly<Record<string, readonly string[]>> = {
  toReservation: ['object'],
  opposesEntry: ['object'],
  confirms: CONSENT_ACTS,
};

/** The kind of norm that an act belongs to; undefined for a word that is no act. */
export function normKindOfAct(act: string): 'voluntary' | 'treaty' | undefined {
  if (VOLUNTARY_ACTS.includes(act)) return 'voluntary';
  return TREATY_ACTS.includes(act) ? 'treaty' : undefined;
}

/** What a state binds itself to, with room for legal and cultural difference. */
export const commitment: RecordType = {
  id: 'commitment',
  retracts: false,
  titleField: 'statement',
  fields: {
    norm: { redaction: 'whole', form: normReference, required: true },
    provisions: { redaction: 'whole', form: listOf(identifier(), 256) },
    act: { redaction: 'whole', form: oneOf(...VOLUNTARY_ACTS, ...TREATY_ACTS), required: true },
    statement: { redaction: 'whole', form: textMap },
    legalBasis: { redaction: 'whole', form: textMap },
    effectiveAt: { redaction: 'whole', form: time },
    toReservation: { redaction: 'whole', form: recordReference },
    opposesEntry: { redaction: 'whole', form: boolean },
    confirms: { redaction: 'whole', form: listOf(recordReference, 64) },
  },
  check(content, context, faults) {
    const { act, norm, legalBasis, toReservation } = content;
    if (typeof act !== 'string') return;
    if (act === 'object' && (toReservation === undefined || toReservation === null)) {
      const path = ['content', 'toReservation'];
      faults.add('record.missing-field', path, 'expected the reservation that is objected to');
    }
    for (const [name, acts] of Object.entries(FIELDS_OF_ACTS)) {
      const value = content[name];
      if (value === undefined || value === null || acts.includes(act)) continue;
      faults.add('record.foreign-field', ['content', name], `expected it with ${acts.join(', ')} only`);
    }
    if (act === 'declared-variance' && (legalBasis === undefined || legalBasis === null)) {
      // Difference is declared with its reason, so that nobody takes it for non-compliance (domain.md §5.17).
      const path = ['content', 'legalBasis'];
      faults.add('record.legal-basis-missing', path, 'expected the legal basis of the declared variance');
    }
    const kind = typeof norm === 'string' ? context.normKindOf?.(norm) : undefined;
    const actKind = normKindOfAct(act);
    if (kind !== undefined && actKind !== undefined && kind !== actKind) {
      // Domain.md §5.10: norms are not binding, and there are no reservations to them.
      const message = `expected an act for a ${kind === 'treaty' ? 'treaty' : 'voluntary norm'}`;
      faults.add('record.act-not-allowed', ['content', 'act'], message);
    }
  },
};
