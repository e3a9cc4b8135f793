import type { SampleCode } from './sample-data.ts';
import { type DraftChange, freshDraft, type PlainDraft, sampleLabels } from './sample-draft.ts';
import { SAMPLE_NORM_SUBJECT } from './sample-norm.ts';

/** The endorsement of the sample norm by a state. */
export function sampleCommitmentDraft(issuer: SampleCode = 'XBO', change: DraftChange = {}): PlainDraft {
  return freshDraft(
    {
      type: 'commitment',
      subject: `${SAMPLE_NORM_SUBJECT}-${issuer.toLowerCase()}`,
      label: { ...sampleLabels(issuer).open, tlp: 'CLEAR' },
      content: {
        norm: `norm/${SAMPLE_NORM_SUBJECT}`,
        provisions: ['a', 'b'],
        act: 'endorse',
        statement: {
          en: 'We endorse this norm and ask others to do the same.',
          fr: 'Nous approuvons cette norme.',
        },
        effectiveAt: '2026-12-01T00:00:00Z',
      },
    },
    change,
  );
}
