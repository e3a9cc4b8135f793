import { holding, listOf, mapOf } from './collection-forms.ts';
import { boolean, oneOf, registered, seconds, time } from './form.ts';
import type { RecordType } from './record-type.ts';
import { sector, sectors, severity } from './registered-forms.ts';
import { isRsitClass, isRsitType } from './registries.ts';
import { country, identifier, line, prose, textMap, verbatim } from './text-forms.ts';

const classification = holding(
  mapOf({ rsitClass: registered('rsit.json', isRsitClass), rsitType: identifier() }, ['rsitClass']),
  'rsitType',
  (map) => {
    const type = map.get('rsitType');
    return type === undefined || isRsitType(map.get('rsitClass'), type) ? undefined : 'a type of the class';
  },
);

const indicator = mapOf(
  {
    id: identifier(),
    type: identifier(64),
    value: verbatim(),
    category: line(256),
    comment: prose(4_096),
    toIds: boolean,
    tags: listOf(line(512), 64),
    atSeconds: seconds,
    object: mapOf({ id: identifier(), name: line(256), relation: line(256) }, ['id']),
  },
  ['id', 'type', 'value'],
);

const technique = mapOf({ scheme: identifier(), id: identifier(), name: line(512), url: line(2_048) }, [
  'id',
]);

const source = mapOf({ id: identifier(), name: line(512), url: line(2_048) }, ['name']);

/** Why a report that a law asks for comes late (duties.md 5.4). */
const delay = mapOf({ stage: identifier(), profile: identifier(), reason: textMap }, ['stage', 'reason']);

/** A cyber incident, from suspicion to the final report (domain.md §2). */
export const incident: RecordType = {
  id: 'incident',
  retracts: false,
  titleField: 'title',
  fields: {
    title: { redaction: 'whole', form: textMap, required: true },
    summary: { redaction: 'whole', form: textMap },
    narrative: { redaction: 'fields', fields: { external: textMap, internal: textMap } },
    stage: {
      redaction: 'whole',
      form: oneOf('early-warning', 'notification', 'intermediate', 'progress', 'final'),
      required: true,
    },
    occurredAt: { redaction: 'whole', form: time },
    detectedAt: { redaction: 'whole', form: time },
    awareAt: { redaction: 'whole', form: time },
    noticedAt: { redaction: 'whole', form: time },
    believedAt: { redaction: 'whole', form: time },
    classifiedAt: { redaction: 'whole', form: time },
    significantAt: { redaction: 'whole', form: time },
    materialAt: { redaction: 'whole', form: time },
    paidAt: { redaction: 'whole', form: time },
    fixAvailableAt: { redaction: 'whole', form: time },
    impactEndedAt: { redaction: 'whole', form: time },
    resolvedAt: { redaction: 'whole', form: time },
    classification: { redaction: 'whole', form: classification },
    sectors: { redaction: 'whole', form: sectors },
    severity: { redaction: 'whole', form: severity },
    suspectedMalicious: { redaction: 'whole', form: boolean },
    crossBorder: { redaction: 'whole', form: boolean },
    victim: {
      redaction: 'fields',
      fields: { name: line(512), country, contact: prose(1_024), sector },
      always: true,
    },
    indicators: { redaction: 'elements', element: indicator },
    techniques: { redaction: 'elements', element: technique },
    rootCause: { redaction: 'whole', form: textMap },
    measuresTaken: { redaction: 'whole', form: textMap },
    legalProfiles: { redaction: 'whole', form: listOf(identifier(), 32) },
    delays: { redaction: 'whole', form: listOf(delay, 32) },
    sources: { redaction: 'elements', element: source },
    tags: { redaction: 'elements', element: line(512) },
  },
};
