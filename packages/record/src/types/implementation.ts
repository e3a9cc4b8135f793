import { stateNamed } from '../known-states.ts';
import { mapOf } from './collection-forms.ts';
import { oneOf, time } from './form.ts';
import type { RecordType } from './record-type.ts';
import { digestOf, normReference, state } from './reference-forms.ts';
import { identifier, line, textMap } from './text-forms.ts';

const digest = digestOf('a document');

const BENCHMARKS = ['nist-csf-2.0', 'cis-ig1', 'nis2-21-2', 'enisa-ncaf-2.0', 'itu-gci-2024'];

/** What a state has done about a provision of a norm or an item of a benchmark, as itself or another assesses it (domain.md §4.6). */
export const implementation: RecordType = {
  id: 'implementation',
  retracts: false,
  titleField: 'statement',
  fields: {
    of: { redaction: 'whole', form: state, required: true },
    catalogue: { redaction: 'whole', form: oneOf('norm', ...BENCHMARKS), required: true },
    norm: { redaction: 'whole', form: normReference },
    item: { redaction: 'whole', form: identifier(), required: true },
    assessor: { redaction: 'whole', form: oneOf('self', 'peer', 'civil-society'), required: true },
    finding: { redaction: 'whole', form: oneOf('claimed', 'accepted', 'contested'), required: true },
    statement: { redaction: 'whole', form: textMap },
    evidence: {
      redaction: 'elements',
      element: mapOf({ digest: digest, name: line(512), url: line(2_048) }, ['digest']),
    },
    assessedAt: { redaction: 'whole', form: time },
  },
  cases: {
    field: 'catalogue',
    words: {
      norm: { required: ['norm'], foreign: [] },
      ...Object.fromEntries(BENCHMARKS.map((each) => [each, { required: [], foreign: ['norm'] }])),
    },
  },
  check({ of, assessor, finding }, context, faults) {
    const isOwn = stateNamed(of, context) === context.issuer;
    if (context.issuer !== undefined && assessor === 'self' && !isOwn) {
      faults.add('record.bad-value', ['content', 'of'], 'expected the issuer, as it assesses itself');
    }
    if (context.issuer !== undefined && assessor === 'peer' && isOwn) {
      faults.add(
        'record.same-state',
        ['content', 'of'],
        'expected another state than the one that assesses it',
      );
    }
    // A claim is what one says of oneself; whoever looks at it accepts or contests it.
    if (
      typeof finding === 'string' &&
      typeof assessor === 'string' &&
      (finding === 'claimed') !== (assessor === 'self')
    ) {
      const expected = assessor === 'self' ? 'claimed' : 'accepted or contested';
      faults.add('record.unknown-value', ['content', 'finding'], `expected ${expected}`);
    }
  },
};
