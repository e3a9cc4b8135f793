import { hex } from '../cbor-text.ts';
import { field } from '../record/text.ts';
import { arcadia, borealis, END_SECONDS, NOW_SECONDS } from '../states.ts';
import type { InvalidCase, Json, VectorFile } from '../vector.ts';
import { cascadia, DOCUMENTS, inputOf, labelOf, recognition, type Scene, titled } from './decision-scenes.ts';
import { policy, rule } from './policy-text.ts';

/** What keeps a decision from being made at all (disclosure.md 8.1, §10). */
export function decisionsRefused(): VectorFile {
  return {
    topic: 'disclosure',
    name: 'not-decided',
    op: 'disclosure.decide',
    grammar: DOCUMENTS,
    invalid: [...notServed(), ...badPolicies(), ...notVerified()],
  };
}

const scene = titled(arcadia, labelOf(arcadia, 'unclassified'));

function refused(
  comment: string,
  code: string,
  clause: string,
  more: Partial<Scene>,
  changes: { readonly [name: string]: Json } = {},
): InvalidCase {
  return { comment, in: { ...inputOf({ ...scene, ...more }), ...changes }, code, clause };
}

function notServed(): readonly InvalidCase[] {
  const of = (comment: string, more: Partial<Scene>): InvalidCase =>
    refused(comment, 'peer.unknown', '8.1', more);
  const recognising = (changes: Parameters<typeof recognition>[2]): Partial<Scene> => ({
    recognitions: [recognition(arcadia, borealis, changes)],
  });
  return [
    of('the holder has signed no recognition of the recipient', { recognitions: [] }),
    of('the recipient recognises the holder, which has signed nothing', {
      recognitions: [recognition(borealis, arcadia)],
    }),
    of('the holder recognises another state', {
      recognitions: [recognition(arcadia, cascadia)],
      known: [cascadia],
    }),
    of('the recognition has ended: its end is not part of it', recognising([[4, NOW_SECONDS]])),
    of('the recognition begins a second later', recognising([[5, NOW_SECONDS + 1]])),
    of('the recognition has ended at the time of the decision', { atSeconds: END_SECONDS }),
    of('the recipient is the holder itself', { recipient: arcadia }),
  ];
}

function badPolicies(): readonly InvalidCase[] {
  return [
    refused('a policy with a fault decides nothing', 'policy.unknown-key', '6.2', {
      policy: policy([rule({ part: 'title' })]),
    }),
    refused('a rule for a state of which there is no charter', 'policy.unknown-state', '6.5', {
      policy: policy([rule({ to: ['XBO', 'XCA'] })]),
    }),
  ];
}

function notVerified(): readonly InvalidCase[] {
  const { record: text } = scene;
  const flipped = (bytes: Uint8Array, at: number): string => {
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ 1;
    return hex(copy);
  };
  const own = recognition(arcadia, borealis);
  const other = field('title', 'another record');
  return [
    refused(
      'one bit of the signature of the record changed',
      'ed25519.bad-signature',
      'keys 2.5',
      {},
      { record: flipped(text.message, text.message.length - 40) },
    ),
    refused('a disclosure of another record', 'record.orphan-disclosure', 'record 5.6', {
      disclosures: [...text.parts, other],
    }),
    refused(
      'the key of the record has no certificate here',
      'identity.unknown-key',
      'charter 6.6',
      {},
      { certificates: [] },
    ),
    refused(
      'another key than that of the record has a certificate here',
      'identity.unknown-key',
      'charter 6.6',
      {},
      { certificates: [hex(arcadia.certificates.log)] },
    ),
    refused(
      'one bit of a signature of the recognition changed',
      'identity.forged',
      'charter 1.2',
      {},
      { recognitions: [flipped(own, own.length - 40)] },
    ),
    refused(
      'a recognition with a ceiling that the holder does not have',
      'identity.unknown-level',
      'charter 4.3',
      { recognitions: [recognition(arcadia, borealis, [['ceiling', 'open']])] },
    ),
    refused("a recognition that names another state's charter", 'identity.wrong-subject', 'charter 4.4', {
      recognitions: [recognition(arcadia, borealis, [['charter', cascadia.id]])],
    }),
  ];
}
