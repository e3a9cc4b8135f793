import { type CborValue, decode } from '@comity/cbor';
import { fromHex } from '@comity/digest';
import { decodeLedgerEntry } from '@comity/log';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Canary, type Evidence, evidenceOf, found, textCanary } from './canary.ts';
import { until } from './deadline.ts';
import { ForeignNode } from './foreign-node.ts';
import { questionOf } from './foreign-question.ts';
import { ForeignState } from './foreign-state.ts';
import { applyPolicy, foundStates, recognise } from './founding.ts';
import { NodeProcess } from './node-process.ts';
import { type ScratchDirectory, scratchDirectory } from './scratch-directory.ts';

// Arcadia (XAA) releases to Borealis (XBB), a node in a process of its own, and to Caldera (XCC), which the test plays
// itself and which therefore sees the decrypted stream. What Arcadia withholds must be in no byte that either received.

const CATEGORY = 'hidden-category-7q2';
const SCHEME = {
  id: 'caveats-1',
  name: { en: 'Levels with caveats' },
  levels: ['unclassified', 'restricted', 'confidential'].map((id, rank) => ({ id, name: { en: id }, rank })),
  categorySets: [
    {
      id: 'caveat',
      type: 'restrictive',
      values: [{ id: CATEGORY, name: { en: 'A caveat that nobody else holds' } }],
    },
  ],
};

const OPEN = {
  classification: 'restricted',
  privacyMark: null,
  handling: null,
  categories: null,
  releasableTo: ['XBB', 'XCC'],
};
const CLOSED = {
  classification: 'confidential',
  privacyMark: 'HIDDEN MARK 9X4',
  handling: ['hidden-handling-3k8'],
  categories: [{ set: 'caveat', values: [CATEGORY] }],
};

/** What both peers get of it: title, the external narrative, one indicator and, when they ask, where the victim is. */
const INCIDENT = {
  type: 'incident',
  label: CLOSED,
  envelope: OPEN,
  labels: {
    title: OPEN,
    narrative: OPEN,
    'narrative.internal': CLOSED,
    victim: OPEN,
    'victim.name': CLOSED,
    // Allowed by its label, and withheld by the policy all the same.
    'victim.contact': OPEN,
    indicators: OPEN,
    'indicators[1]': { ...OPEN, privacyMark: 'RELEASED MARK 5T1' },
    'indicators[2]': CLOSED,
    rootCause: OPEN,
  },
  content: {
    title: { en: 'RELEASED TITLE 2A7' },
    summary: { en: 'HIDDEN SUMMARY 4B9' },
    stage: 'final',
    narrative: { external: { en: 'RELEASED NARRATIVE 6C1' }, internal: { en: 'HIDDEN NARRATIVE 8D3' } },
    victim: { name: 'HIDDEN VICTIM 1E5', country: 'XAA', contact: 'HIDDEN CONTACT 3F7' },
    indicators: [
      { id: 'one', type: 'text', value: 'RELEASED INDICATOR 5G9' },
      { id: 'two', type: 'text', value: 'RELEASED MARKED INDICATOR 7J2' },
      { id: 'three', type: 'text', value: 'HIDDEN INDICATOR 9H1' },
    ],
    rootCause: { en: 'ANSWERED ROOT CAUSE 2K4' },
  },
};

/** Nobody else may know that it exists. */
const SECRET_INCIDENT = {
  type: 'incident',
  subject: 'hidden-subject-4m6',
  label: { classification: 'confidential' },
  content: { title: { en: 'HIDDEN INCIDENT 6N8' }, stage: 'final' },
};

/** Its label lets it go anywhere; no rule of the policy does. */
const UNRULED_NORM = {
  type: 'norm',
  subject: 'hidden-norm-8p1',
  label: { classification: 'unclassified', tlp: 'CLEAR', releasableTo: ['XBB', 'XCC'] },
  content: {
    title: { en: 'HIDDEN NORM 1R3' },
    kind: 'voluntary',
    provisions: [{ id: 'p1', text: { en: 'HIDDEN PROVISION 3S5' } }],
    adoption: { en: 'Adopted by nobody' },
  },
};

/** Released by the policy under which it is issued; nobody was connected before that policy was narrowed. */
const NARROWED_INCIDENT = {
  type: 'incident',
  label: { ...CLOSED, categories: null },
  envelope: OPEN,
  labels: { title: OPEN, measuresTaken: OPEN },
  content: {
    title: { en: 'NARROWED TITLE 5U7' },
    stage: 'final',
    measuresTaken: { en: 'NARROWED MEASURES 7V9' },
  },
};

const PUSHED = ['title', 'narrative', 'victim.country', 'indicators', 'measuresTaken'];
const policy = (pushed: readonly string[]): object => ({
  comity: 'policy/1',
  rules: [
    {
      name: 'push',
      to: ['XBB', 'XCC'],
      mode: ['push'],
      purpose: ['incident-response'],
      when: { type: 'incident' },
      parts: pushed,
    },
    {
      name: 'answer',
      to: ['XBB', 'XCC'],
      mode: ['query'],
      purpose: ['incident-response'],
      when: { type: 'incident' },
      parts: ['title', 'rootCause'],
    },
  ],
});

const HIDDEN: readonly Canary[] = [
  textCanary('content: summary', 'HIDDEN SUMMARY 4B9'),
  textCanary('content: nested part', 'HIDDEN NARRATIVE 8D3'),
  textCanary('content: nested part of another', 'HIDDEN VICTIM 1E5'),
  textCanary('content: withheld by policy alone', 'HIDDEN CONTACT 3F7'),
  textCanary('content: element of a list', 'HIDDEN INDICATOR 9H1'),
  textCanary('label: privacy mark', 'HIDDEN MARK 9X4'),
  textCanary('label: handling', 'hidden-handling-3k8'),
];
const HIDDEN_WHOLE: readonly Canary[] = [
  textCanary('subject of a record', 'hidden-subject-4m6'),
  textCanary('title of a record', 'HIDDEN INCIDENT 6N8'),
  textCanary('subject of a norm', 'hidden-norm-8p1'),
  textCanary('title of a norm', 'HIDDEN NORM 1R3'),
  textCanary('part of a norm', 'HIDDEN PROVISION 3S5'),
];
const NARROWED_TITLE = textCanary('title', 'NARROWED TITLE 5U7');
const NARROWED_MEASURES = textCanary('measures', 'NARROWED MEASURES 7V9');
const NARROWED: readonly Canary[] = [NARROWED_TITLE, NARROWED_MEASURES];
const RELEASED: readonly Canary[] = [
  textCanary('title', 'RELEASED TITLE 2A7'),
  textCanary('nested part', 'RELEASED NARRATIVE 6C1'),
  textCanary('element of a list', 'RELEASED INDICATOR 5G9'),
  textCanary('element with a label of its own', 'RELEASED MARKED INDICATOR 7J2'),
  textCanary('label of that element', 'RELEASED MARK 5T1'),
];
/** In the scheme, and so in the charter: public as a word, secret as the label of anything. */
const HIDDEN_CATEGORY = textCanary('label: category', CATEGORY);
const ANSWERED = textCanary('root cause', 'ANSWERED ROOT CAUSE 2K4');

const names = (canaries: readonly Canary[]): string[] => canaries.map(({ name }) => name);
const fromStream = (node: ForeignNode): Evidence[] =>
  node.received().map((bytes) => ({ from: 'stream', bytes }));
const fromRecords = (node: ForeignNode): Evidence[] =>
  [
    ...node.batches.map(({ bytes }) => bytes),
    ...node.answers.flatMap(({ record, disclosures }) => [record, ...disclosures]),
  ].map((bytes) => ({ from: 'records in the stream', bytes }));

interface Shown {
  readonly parts: readonly { readonly path: string }[];
  readonly raw: { readonly cose: string; readonly disclosures: readonly string[] };
}

describe('what the decision withholds', () => {
  let scratch: ScratchDirectory;
  let arcadia: NodeProcess;
  let caldera: ForeignNode;
  let newcomer: ForeignNode;
  let narrowedLedger: readonly { readonly content: boolean }[];
  let atArcadia: Shown;
  let atBorealis: Shown;
  let secretIds: Canary[];
  let borealisHome: Evidence[];
  let arcadiaHome: Evidence[];
  let borealisOutput: string;
  let answers: { readonly records: readonly { readonly id: string; readonly title: string | null }[] }[];
  let answerCounts: { everything: number; released: number; pushedOnly: number; hidden: number };

  beforeAll(async () => {
    scratch = await scratchDirectory();
    const [xaa, xbb] = await foundStates(scratch, ['XAA', 'XBB'], { scheme: SCHEME });
    const xcc = await ForeignState.found('XCC', { scheme: SCHEME as never });
    arcadia = await NodeProcess.start(xaa.home);
    const borealis = await NodeProcess.start(xbb.home);
    await recognise(arcadia, xbb);
    await recognise(arcadia, xcc);
    await recognise(borealis, xaa);
    await applyPolicy(arcadia, policy(PUSHED));
    caldera = await (await ForeignNode.start(xcc, xaa)).live();

    const issue = async (draft: object): Promise<string> => {
      const { records } = await arcadia.call<{ records: { id: string }[] }>('record.issue', {
        drafts: [draft],
      });
      return records[0]?.id ?? '';
    };
    const id = await issue(INCIDENT);
    const secret = [await issue(SECRET_INCIDENT), await issue(UNRULED_NORM)];
    secretIds = secret.map((each, index) => ({ name: `id of record ${index}`, bytes: fromHex(each) }));
    await caldera.holds(1);
    await arcadia.logged('receipt', ({ peer }) => peer === 'XBB');
    const before = await borealis.call<Shown>('record.show', { id, raw: true });

    const asked = { peers: ['XAA'], purpose: 'incident-response', filter: {} };
    ({ answers } = await borealis.call<{ answers: typeof answers }>('query.ask', asked));
    // Only Caldera asks for what is hidden: a state's own questions stand in its own home.
    const askFor = async (change: { text?: string }): Promise<number> =>
      (await caldera.ask(await questionOf(xcc, caldera.other.state, change))).length;
    answerCounts = {
      everything: await askFor({}),
      released: await askFor({ text: 'ANSWERED ROOT CAUSE 2K4' }),
      // In the incident, and not among what a question is answered with.
      pushedOnly: await askFor({ text: 'RELEASED NARRATIVE 6C1' }),
      hidden: 0,
    };
    for (const { bytes } of [...HIDDEN, ...HIDDEN_WHOLE]) {
      answerCounts.hidden += await askFor({ text: Buffer.from(bytes).toString() });
    }
    atBorealis = await borealis.call<Shown>('record.show', { id, raw: true });
    expect(before.parts.length).toBeLessThan(atBorealis.parts.length);
    atArcadia = await arcadia.call<Shown>('record.show', { id, raw: true });

    // Nobody is there when it is issued; before anybody comes back the policy is narrowed.
    await caldera.stop();
    expect(await borealis.stop()).toBe(0);
    await issue(NARROWED_INCIDENT);
    const { size } = await arcadia.call<{ size: number }>('release.ledger', { peer: 'XBB' });
    await applyPolicy(arcadia, policy(['title']));
    const again = await NodeProcess.start(xbb.home);
    await until('the narrowed entry is receipted', async () => {
      const { receipt } = await arcadia.call<{ receipt: { size: number } | null }>('release.ledger', {
        peer: 'XBB',
      });
      return receipt !== null && receipt.size >= size;
    });
    newcomer = await (await ForeignNode.start(xcc, xaa)).live();
    // What remains of the records comes by entries after those that went out bare.
    await until(
      'what remains has come',
      async () => found([NARROWED_TITLE], fromStream(newcomer)).length > 0,
    );
    await until('what remains is at Borealis', async () => {
      const { records } = await again.call<{ records: { title: string | null }[] }>('record.list');
      return records.some(({ title }) => title === 'NARROWED TITLE 5U7');
    });
    const ledger = await arcadia.call<{ entries: { content: boolean }[] }>('release.ledger', { peer: 'XCC' });
    narrowedLedger = ledger.entries;
    expect(await again.stop()).toBe(0);
    expect(await arcadia.stop()).toBe(0);
    borealisOutput = borealis.output + again.output;
    borealisHome = [...(await evidenceOf(xbb.home)), { from: 'log', bytes: Buffer.from(borealisOutput) }];
    arcadiaHome = await evidenceOf(xaa.home);
  }, 300_000);

  afterAll(async () => {
    await newcomer?.stop();
    await arcadia?.kill();
    await scratch?.[Symbol.asyncDispose]();
  });

  test('is looked for with a search that finds what is there', () => {
    const everything = [
      ...HIDDEN,
      HIDDEN_CATEGORY,
      ...HIDDEN_WHOLE,
      ...NARROWED,
      ...RELEASED,
      ANSWERED,
      ...secretIds,
    ];
    expect(found(everything, arcadiaHome)).toEqual(names(everything));
    expect(found(withheldSalts(), arcadiaHome)).toHaveLength(withheldSalts().length);
    expect(found(RELEASED, borealisHome)).toEqual(names(RELEASED));
    expect(found(RELEASED, fromStream(caldera))).toEqual(names(RELEASED));
    expect(found([ANSWERED], borealisHome)).toHaveLength(1);
    expect(found([ANSWERED], fromStream(caldera))).toHaveLength(1);
  });

  test('is what the decision says, and nothing else', () => {
    // Positions in a list are shuffled when it is sealed: they do not tell which elements were left out.
    const paths = atBorealis.parts.map(({ path }) => path.replace(/\d+/, '*'));
    expect(paths.sort()).toEqual([
      'indicators',
      'indicators[*]',
      'indicators[*]',
      'narrative',
      'narrative.external',
      'rootCause',
      'title',
      'victim',
      'victim.country',
    ]);
  });

  test('is in no byte of the home of the peer: neither content nor label', () => {
    expect(found(HIDDEN, borealisHome)).toEqual([]);
    const records = borealisHome.filter(
      ({ from, bytes }) =>
        from === 'record' && Buffer.from(bytes).includes(Buffer.from(atBorealis.raw.cose, 'hex')),
    );
    expect(records.length).toBeGreaterThan(0);
    expect(found([HIDDEN_CATEGORY], records)).toEqual([]);
  });

  test('is in no byte of the decrypted stream: neither content nor label', () => {
    expect(caldera.batches.length).toBeGreaterThan(0);
    expect(caldera.answers.length).toBeGreaterThan(0);
    expect(found(HIDDEN, fromStream(caldera))).toEqual([]);
    expect(found([HIDDEN_CATEGORY], fromRecords(caldera))).toEqual([]);
    expect(found([HIDDEN_CATEGORY], fromStream(caldera))).toHaveLength(1);
  });

  test('has salts, of withheld parts and of padding, that are nowhere either', () => {
    const salts = withheldSalts();
    // Summary, stage, overall, internal narrative, name and contact of the victim, one indicator; the rest is padding.
    expect(salts.length).toBeGreaterThan(7);
    expect(found(salts, borealisHome)).toEqual([]);
    expect(found(salts, fromStream(caldera))).toEqual([]);
    const shared = atBorealis.raw.disclosures.map((disclosure, index) => saltOf(disclosure, `salt ${index}`));
    expect(found(shared, borealisHome)).toHaveLength(shared.length);
    expect(found(shared, fromStream(caldera))).toHaveLength(shared.length);
  });

  test('is not felt by asking: the filter sees what the asking state may see', () => {
    expect(answers[0]?.records).toHaveLength(1);
    expect(answers[0]?.records[0]?.title).toBe('RELEASED TITLE 2A7');
    expect(answerCounts).toEqual({ everything: 1, released: 1, pushedOnly: 0, hidden: 0 });
  });

  test('as a whole leaves no id, subject or title', () => {
    for (const evidence of [borealisHome, fromStream(caldera), fromStream(newcomer)]) {
      expect(found([...HIDDEN_WHOLE, ...secretIds], evidence)).toEqual([]);
    }
  });

  test('after a narrower policy stays here, and what is still allowed goes by an entry of its own', () => {
    for (const evidence of [borealisHome, fromStream(newcomer)]) {
      expect(found([NARROWED_MEASURES], evidence)).toEqual([]);
      expect(found([NARROWED_TITLE], evidence)).toEqual([NARROWED_TITLE.name]);
    }
    const items = newcomer.batches.flatMap((batch) => batch.items);
    const handed = items.map(({ entry, record, disclosures }) => {
      const decoded = decodeLedgerEntry(entry);
      if (decoded.kind !== 'release') throw new Error(`an entry is a ${decoded.kind}`);
      const { mode, disclosures: named } = decoded;
      return {
        mode,
        isBare: record === undefined,
        handed: disclosures.length,
        isWhole: disclosures.length === named.length,
      };
    });
    // The answer to the question still stands; what was pushed under the wider policy does not.
    expect(handed.slice(0, 3).map(({ mode, isBare }) => ({ mode, isBare }))).toEqual([
      { mode: 'push', isBare: true },
      { mode: 'query', isBare: false },
      { mode: 'push', isBare: true },
    ]);
    // Then what remains of each record: its title, and nothing by half.
    expect(
      handed
        .slice(3)
        .every(
          ({ mode, isBare, isWhole, handed: parts }) => mode === 'push' && !isBare && isWhole && parts === 1,
        ),
    ).toBe(true);
    expect(handed.length).toBeGreaterThan(3);
    // The ledger does not claim to have handed over what it did not.
    expect(narrowedLedger.slice(0, 3).map(({ content }) => content)).toEqual([false, true, false]);
  });

  test('is not in the logs of either node', () => {
    const logs = [arcadia.output, borealisOutput].map((text) => ({ from: 'log', bytes: Buffer.from(text) }));
    expect(found([...HIDDEN, ...HIDDEN_WHOLE, ...NARROWED, ...RELEASED, ANSWERED], logs)).toEqual([]);
  });

  /** Salts of everything that Arcadia could disclose of the incident and did not disclose to Borealis. */
  function withheldSalts(): Canary[] {
    const disclosed = new Set(atBorealis.raw.disclosures);
    return atArcadia.raw.disclosures
      .filter((disclosure) => !disclosed.has(disclosure))
      .map((disclosure, index) => saltOf(disclosure, `salt of withheld disclosure ${index}`));
  }
});

function saltOf(disclosure: string, name: string): Canary {
  const [salt] = decode(fromHex(disclosure)) as readonly CborValue[];
  return { name, bytes: salt as Uint8Array };
}
