import { oneOf } from './form.ts';
import type { RecordType } from './record-type.ts';
import { likelihood } from './registered-forms.ts';
import { country, line, textMap } from './text-forms.ts';

/**
 * Who is thought to be behind an incident. It is no field of the incident: caution is itself a norm (A/70/174 13(b)), and
 * whoever reads the incident need not read this.
 */
export const attribution: RecordType = {
  id: 'attribution',
  retracts: false,
  aboutRecord: true,
  titleField: 'basis',
  fields: {
    actor: {
      redaction: 'fields',
      fields: {
        kind: oneOf('state', 'state-affiliated', 'non-state', 'unknown'),
        name: line(512),
        country,
      },
      required: true,
    },
    // Likelihood and confidence are two things: a likely cause may be known from poor sources.
    likelihood: { redaction: 'whole', form: likelihood, required: true },
    confidence: { redaction: 'whole', form: oneOf('low', 'moderate', 'high'), required: true },
    basis: { redaction: 'whole', form: textMap, required: true },
    alternatives: { redaction: 'whole', form: textMap },
  },
};
