import { signerFromSeed } from '@comity/ed25519';
import type { Label, StateId } from '@comity/label';
import { parseDraft, type View } from '@comity/record';
import { expect, test } from 'vitest';

import { compilePolicy } from './compile.ts';
import { decideRecord } from './decide.ts';
import {
  ARCADIA,
  CALDERA,
  type Changes,
  caldera,
  issueIncident,
  LABEL,
  NOW,
  recognition,
} from './incident.test-support.ts';
import { parsePolicy } from './parse-policy.ts';
import { drawRecipient, drawSituation } from './questions.test-support.ts';
import { guardedPartsOf, guardedPartsOfDraft, type Origin, relayGaps } from './relay-gaps.ts';
import type { Recipient } from './situation.ts';
import { Draw, drawDraft, issue, type SampleState, STATES, stateByCode } from './world.test-support.ts';

const signer = signerFromSeed(new Uint8Array(32).fill(5));
const LATER = NOW + 86_400;
const later = new Date(LATER * 1000).toISOString().replace('.000', '');

const originWith = (...recipients: readonly Recipient[]): Origin => ({
  holder: ARCADIA.id,
  holderScheme: ARCADIA.scheme,
  atSeconds: NOW,
  recipientOf: (state) => recipients.find((recipient) => recipient.state === state),
});

/** `path state reason`, of the incident with some of its labels changed. */
async function gapsOf(changes: Changes, origin = originWith(recognition(), caldera())): Promise<string[]> {
  const view = await issueIncident(signer, changes);
  const codeOf = (state: StateId): string => STATES.find(({ id }) => id === state)?.code ?? '';
  return relayGaps(guardedPartsOf(view), origin).map(
    ({ path, state, reason, fromSeconds }) =>
      `${path} ${codeOf(state)} ${reason}${fromSeconds === undefined ? '' : ` from ${fromSeconds}`}`,
  );
}

const titled = (title: Readonly<Record<string, unknown>>): Changes => ({ labels: { title } });

test('a label within every ceiling has no gap', async () => {
  expect(await gapsOf({})).toEqual([]);
  expect(await gapsOf(titled({ classification: 'confidential' }))).toEqual([]);
});

test('a part above the ceiling of one of the states that it may be handed to', async () => {
  expect(await gapsOf(titled({ classification: 'secret' }))).toEqual(['title XCA above-ceiling']);
});

test('a level for which no equivalence is agreed is above the ceiling too', async () => {
  const origin = originWith(recognition(), { ...caldera(), ceiling: 'top-secret' });
  expect(await gapsOf(titled({ classification: 'secret' }), origin)).toEqual(['title XCA above-ceiling']);
});

test('a state that is not recognised, and one outside the community for GREEN', async () => {
  const all = ['envelope', 'title'];
  const unknown = await gapsOf({}, originWith(recognition()));
  expect(unknown).toEqual(expect.arrayContaining(all.map((path) => `${path} XCA unrecognised`)));
  const outside = await gapsOf({}, originWith(recognition(), { ...caldera(), community: false }));
  expect(outside).toEqual(expect.arrayContaining(all.map((path) => `${path} XCA outside-community`)));
});

test.each([
  ['nobody else is named', titled({ classification: 'secret', releasableTo: ['XCA'] })],
  ['no state is named', titled({ classification: 'secret', releasableTo: null })],
  ['it is AMBER, which is never handed on', titled({ classification: 'secret', tlp: 'AMBER' })],
  [
    'it has categories, which mean nothing to others',
    titled({ classification: 'secret', categories: [{ set: 'network', values: ['csirt'] }] }),
  ],
  [
    'the envelope does not name the state',
    { ...titled({ classification: 'secret' }), envelope: { releasableTo: ['XBO'] } },
  ],
  [
    'what it stands in does not',
    {
      labels: {
        narrative: { releasableTo: ['XBO'] },
        'narrative.internal': { ...LABEL, classification: 'secret' },
      },
    },
  ],
])('no gap where %s', async (_why, changes: Changes) => {
  expect(await gapsOf(changes)).toEqual([]);
});

test('a gap that a succession opens is dated', async () => {
  const succession = { at: later, label: { tlp: 'GREEN' } };
  expect(await gapsOf(titled({ classification: 'secret', tlp: 'AMBER', succession }))).toEqual([
    `title XCA above-ceiling from ${LATER}`,
  ]);
});

test('who was handed it before a succession can hand it on after', async () => {
  const succession = { at: later, label: { releasableTo: ['XCA'] } };
  expect(await gapsOf(titled({ classification: 'secret', tlp: 'AMBER', succession }))).toEqual([]);
  const open = { at: later, label: { releasableTo: ['XCA'], tlp: 'GREEN' } };
  const labels = { classification: 'secret', tlp: 'AMBER', releasableTo: ['XBO'], succession: open };
  expect(await gapsOf(titled(labels))).toEqual([`title XCA above-ceiling from ${LATER}`]);
});

test('a draft has the gaps of the record that it becomes', () => {
  const draft = parseDraft(
    {
      type: 'incident',
      label: { classification: 'secret', releasableTo: ['XBO', 'XCA'] },
      envelope: { classification: 'restricted' },
      labels: { title: { classification: 'restricted' }, 'indicators[1]': { classification: 'restricted' } },
      content: {
        title: { en: 'x' },
        stage: 'final',
        classification: { rsitClass: 'availability' },
        indicators: ['a', 'b'].map((id) => ({ id, type: 'domain', value: `${id}.example` })),
      },
    },
    { scheme: ARCADIA.scheme, stateOf: stateByCode, atSeconds: NOW },
  );
  const gaps = relayGaps(guardedPartsOfDraft(draft), originWith(recognition(), caldera()));
  expect(new Set(gaps.map(({ state, reason }) => `${state} ${reason}`))).toEqual(
    new Set([`${CALDERA.id} above-ceiling`]),
  );
  const paths = gaps.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['overall', 'stage', 'indicators', 'indicators[0]']));
  for (const path of ['envelope', 'title', 'indicators[1]']) expect(paths).not.toContain(path);
});

test('whatever one state hands on that the originator would not, is a gap', async () => {
  const everything = compilePolicy(
    parsePolicy(
      {
        comity: 'policy/1',
        rules: [{ name: 'all', to: STATES.map(({ code }) => code), mode: ['push', 'relay'] }],
      },
      { stateOf: stateByCode },
    ),
  );
  /** What the recognition of the recipient refuses; who gets the rest is for the label to say. */
  const byRecognition = ['classification', 'tlp'];
  let leaks = 0;
  let reported = 0;
  for (let seed = 0; seed < 400; seed += 1) {
    const draw = new Draw(seed);
    const issuer = draw.one(STATES);
    const { exercise: _, ...draft } = drawDraft(draw, issuer.scheme);
    const { view } = await issue(draft, issuer, signer, seed);
    const recipients = STATES.filter(({ id }) => id !== issuer.id).map((state) =>
      recognised(draw, issuer, state),
    );
    const origin: Origin = {
      holder: issuer.id,
      holderScheme: issuer.scheme,
      atSeconds: draw.one([0, 999, 1_500]),
      recipientOf: (state) => recipients.find((recipient) => recipient.state === state),
    };
    const gaps = new Set(
      relayGaps(guardedPartsOf(view), origin).map(({ path, state }) => `${path} ${state}`),
    );
    reported += gaps.size;
    for (const holder of STATES) {
      if (holder === issuer) continue;
      for (const recipient of recipients) {
        if (recipient.state === holder.id) continue;
        const atSeconds = origin.atSeconds + draw.one([0, 500, 1_000, 5_000]);
        const asked = { ...drawSituation(draw, holder, false), atSeconds };
        const here = recognised(draw, holder, STATES.find(({ id }) => id === recipient.state) as SampleState);
        const handedOn = decideRecord(view, here, { ...asked, mode: 'relay' }, everything);
        const own = { ...asked, holder: issuer.id, holderScheme: issuer.scheme, mode: 'push' as const };
        const named = namedIn(view, holder.id);
        const direct = decideRecord(view, recipient, own, everything);
        for (const part of direct.parts) {
          if (!handedOn.released.has(part.digest) || !byRecognition.includes(part.reason)) continue;
          // Others than those who are named come to hold it by nobody's leave.
          if (!named.has(part.path)) continue;
          leaks += 1;
          expect(gaps, `seed ${seed}: ${part.path} to ${recipient.code} by ${holder.code}`).toContain(
            `${part.path} ${recipient.state}`,
          );
        }
      }
    }
  }
  expect(leaks).toBeGreaterThan(20);
  expect(reported).toBeGreaterThan(leaks / 10);
}, 120_000);

/** Paths of the parts that a state can have been handed at some time. */
function namedIn(view: View, state: StateId): ReadonlySet<string> {
  const names = (label: Label): boolean =>
    label.releasableTo?.includes(state) === true ||
    (label.succession !== undefined && names(label.succession.label));
  const named = guardedPartsOf(view).filter(({ labels }) => labels.every(names));
  return new Set(named.map(({ path }) => path));
}

/** A state as another one recognises it, at random. */
function recognised(draw: Draw, by: SampleState, about: SampleState): Recipient {
  for (;;) {
    const recipient = drawRecipient(draw, by, false);
    if (recipient.state === about.id) return recipient;
  }
}

test('a record that is looked at as shown has the paths that are shown', async () => {
  const view: View = await issueIncident(signer, titled({ classification: 'secret' }));
  expect(guardedPartsOf(view).map(({ path }) => path)).toEqual([
    'envelope',
    ...view.parts.map(({ pathText }) => pathText),
  ]);
});
