// An incident with parts in three levels and three labels, which the vectors of record.md show, narrow and merge.

import { type Item, record } from '../cbor-text.ts';
import { arcadia } from '../states.ts';
import { inheriting, labelled } from './inputs.ts';
import {
  type Disclosure,
  element,
  field,
  label,
  overall,
  type RecordText,
  recordText,
  restrictedLabel,
  withheldElements,
  withheldFields,
} from './text.ts';

export const secretLabel = label('secret', 'AMBER+STRICT', [[5, undefined]]);
export const INCIDENT = 'incident/alban';

// A field in three levels: the label of the innermost part that has one holds further in.
const phone = field('phone', '+1 555 0100');
const contactContent = withheldFields([phone]);
const contact = field('contact', contactContent);
const name = field('name', 'Hospital of Saint Alban', { label: secretLabel });
const victimContent = withheldFields([name, contact], [['country', 'XAR']]);
const victim = field('victim', victimContent, { label: restrictedLabel });

const first = element(record({ id: 'i-1', type: 'ip-dst', value: '192.0.2.7' }));
const second = element(record({ id: 'i-2', type: 'domain', value: 'mail.example' }), {
  label: restrictedLabel,
});
const inClear: Item = record({ id: 'i-0', type: 'url', value: 'http://example' });
const indicatorsContent = withheldElements([first, inClear, second]);
const indicators = field('indicators', indicatorsContent);

const title = field('title', record({ en: 'Ransomware at a hospital' }));
const whole = overall(secretLabel, INCIDENT);

export const incident: RecordText = recordText({
  issuer: arcadia,
  subject: INCIDENT,
  body: [whole, title, victim, indicators],
});

/** What `record.verify` shows of each part. */
export const shown = {
  whole: labelled(whole, 'overall', null, secretLabel),
  title: inheriting(title, 'title', record({ en: 'Ransomware at a hospital' })),
  victim: labelled(victim, 'victim', victimContent.item, restrictedLabel),
  name: labelled(name, 'victim.name', 'Hospital of Saint Alban', secretLabel),
  contact: inheriting(contact, 'victim.contact', contactContent.item, restrictedLabel),
  phone: inheriting(phone, 'victim.contact.phone', '+1 555 0100', restrictedLabel),
  indicators: inheriting(indicators, 'indicators', indicatorsContent.item),
  first: inheriting(first, 'indicators[0]', record({ id: 'i-1', type: 'ip-dst', value: '192.0.2.7' })),
  second: labelled(
    second,
    'indicators[2]',
    record({ id: 'i-2', type: 'domain', value: 'mail.example' }),
    restrictedLabel,
  ),
};

export const parts = { whole, title, victim, name, contact, phone, indicators, first, second };

/** Decoys beside the two elements. */
export const elementDecoys: readonly Disclosure[] = indicatorsContent.inner.filter(({ isDecoy }) => isDecoy);
