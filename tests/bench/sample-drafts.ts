const OPEN = { classification: 'unclassified', tlp: 'GREEN', releasableTo: ['XBO'] };
const GUARDED = { classification: 'restricted', tlp: 'AMBER', releasableTo: ['XBO'] };
/** What one call of `record.issue` takes with room to spare. */
const DRAFTS_PER_CALL = 2_000;

/** A report of an incident: five parts that can be withheld beside its overall label, some 600 bytes when it is signed. */
export function sampleDraft(index: number): object {
  return {
    type: 'incident',
    label: GUARDED,
    envelope: OPEN,
    labels: { title: OPEN },
    content: {
      title: { en: `Phishing against ministries, wave ${index}` },
      summary: {
        en: `Mail with a link to host-${index}.invalid.example; no credential was entered, the host is blocked.`,
      },
      stage: 'notification',
      severity: { scale: 'us-nciss', value: 'low' },
      sectors: ['public-administration'],
    },
  };
}

/** Drafts with these numbers, in portions that one call takes. */
export function* samplePortions(count: number): Generator<readonly object[]> {
  for (let from = 0; from < count; from += DRAFTS_PER_CALL) {
    yield Array.from({ length: Math.min(DRAFTS_PER_CALL, count - from) }, (_, index) =>
      sampleDraft(from + index),
    );
  }
}
