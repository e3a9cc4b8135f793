/** A draft that whoever watches the demonstration may issue at Arcadia: its sample policy sends it to both others. */
export const DRAFT_TO_TRY = `# Issue it: the other two receive it. See 'comity record issue --help' for what a draft may hold.
type: incident
label: { classification: unclassified, tlp: CLEAR, releasableTo: [XBO, XCA] }
content:
  title: { en: Outage of a land registry }
  stage: early-warning
  classification: { rsitClass: availability, rsitType: ddos }
  indicators:
    - { id: a1, type: ip-src, value: 198.51.100.7 }
`;
