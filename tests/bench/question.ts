import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, type Figure, quantile } from './bench.ts';
import { foundPair, type Pair } from './pair.ts';
import { sampleDraft, samplePortions } from './sample-drafts.ts';

const RECORDS = 10_000;
/** Every so many records one holds what is asked for. */
const EVERY = 1_000;
const WANTED = 'Looked for by the question';
const PROBE_EVERY_MS = 20;

/** A peer may be answered, and is sent nothing unasked; norms nobody gets. */
const ANSWERED_ONLY = {
  comity: 'policy/1',
  rules: [
    {
      name: 'answers',
      to: ['XBO'],
      mode: ['query'],
      purpose: ['incident-response'],
      when: { type: 'incident' },
    },
  ],
};

/**
 * The answering side decides about every record that the policy lets the peer have at all; nearly none holds the text.
 * Meanwhile its own users ask for the status.
 */
export const question: Bench = {
  name: 'question',
  question: 'What does a peer’s question over many records cost, of which few meet it?',
  async run({ scale, note }) {
    const records = Math.max(Math.round(RECORDS * scale), EVERY);
    await using pair = await foundPair();
    const { sender } = pair;
    await sender.call('policy.apply', { text: JSON.stringify(ANSWERED_ONLY) });
    for (const drafts of samplePortions(records - records / EVERY))
      await sender.call('record.issue', { drafts });
    const wanted = Array.from({ length: records / EVERY }, (_, index) => withText(sampleDraft(index)));
    await sender.call('record.issue', { drafts: wanted });
    note(`question: ${records} records`);
    return [
      ...(await measure(pair, 'a text, first time', { text: WANTED }, wanted.length)),
      ...(await measure(pair, 'a text, again', { text: WANTED }, wanted.length)),
      ...(await measure(pair, 'a type that nobody is given', { types: ['norm'] }, 0)),
    ];
  },
};

function withText(draft: object): object {
  const { content } = draft as { readonly content: object };
  return { ...draft, content: { ...content, title: { en: WANTED } } };
}

async function measure(
  { sender, recipient }: Pair,
  name: string,
  filter: object,
  expected: number,
): Promise<Figure[]> {
  const waits: number[] = [];
  let isOver = false;
  const probing = (async () => {
    while (!isOver) {
      const sinceMs = performance.now();
      await sender.call('node.status', {});
      waits.push(performance.now() - sinceMs);
      await pause(PROBE_EVERY_MS);
    }
  })();
  const before = sender.processorSeconds;
  const sinceMs = performance.now();
  const asked = { peers: ['XAR'], purpose: 'incident-response', filter, timeoutMs: 120_000 };
  const { answers } = (await recipient.call('query.ask', asked)) as {
    readonly answers: readonly { readonly records: readonly unknown[]; readonly code: string | null }[];
  };
  const elapsedMs = performance.now() - sinceMs;
  isOver = true;
  await probing;
  const came = answers[0]?.records.length;
  if (came !== expected) throw new Error(`${expected} answers expected, ${came} came (${answers[0]?.code})`);
  return [
    { name: `${name}: until it is answered`, value: elapsedMs, unit: 'ms' },
    ...(before === undefined || sender.processorSeconds === undefined
      ? []
      : [
          {
            name: `${name}: processor time of the answering node`,
            value: (sender.processorSeconds - before) * 1_000,
            unit: 'ms',
          },
        ]),
    { name: `${name}: longest wait of a local user meanwhile`, value: quantile(waits, 1), unit: 'ms' },
  ];
}
