// dossier.verify: documents that cannot be known together (dossier.md 4.3).

import { record } from '../cbor-text.ts';
import { keyPair } from '../signing.ts';
import { arcadia, borealis, drawn, type State, state, type Usage } from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import { idOf, issued, ownCharter, ownKey } from './documents.ts';
import { reports, scene, undecided } from './pieces.ts';
import { certificate, charter, type DocumentPart, failed, notDone, type Scene, verified } from './scene.ts';
import { arcadianKeys, cimmeria } from './story.ts';

export function contradictionsFile(): ValidFile {
  return reports('contradictions', [...contradictions()]);
}

/** Nothing counts, since documents of anchors contradict each other. */
function contradicting(comment: string, changes: Partial<Scene>): ValidCase {
  return verified(
    comment,
    scene({
      records: [undecided('issuer', 'contradiction')],
      known: failed('documents-contradict'),
      verdict: 'INVALID',
      ...changes,
    }),
  );
}

/** Another state with the code of Arcadia. */
export function namesake(): State {
  return state('XAR', [0xa1], 0xb1, cimmeria.scheme, [
    ['legal', []],
    ['names', record({ en: 'Another Arcadia' })],
    ['nextd', [keyPair(0xa2).keyId]],
    ['contacts', []],
  ]);
}

function contradictions(): readonly ValidCase[] {
  const oneId = ['record', 'log'].map((usage) =>
    certificate(arcadia, usage as Usage, {
      bytes: issued(arcadia, { usage: usage as Usage, id: idOf('one') }),
    }),
  );
  const twoUses = certificate(arcadia, 'log', {
    bytes: issued(arcadia, { key: arcadia.keys.record, id: idOf('two uses') }),
  });
  const twoStates = certificate(borealis, 'record', {
    bytes: issued(borealis, { usage: 'record', key: arcadia.keys.record, id: idOf('two states') }),
  });
  const rootOfOther = certificate(borealis, 'log', {
    bytes: issued(borealis, { key: arcadia.rootKeys[0] as ReturnType<typeof keyPair>, id: idOf('root') }),
  });
  const other = namesake();
  const both = { anchors: [arcadia, borealis] };
  const untrusted = notDone('no-anchor');
  return [
    contradicting('two certificates with one id', { documents: [ownCharter, ...oneId] }),
    contradicting('a key with two uses', { documents: [...arcadianKeys, twoUses] }),
    contradicting('a key of two states', {
      ...both,
      documents: [...arcadianKeys, charter(borealis), twoStates],
    }),
    contradicting('a root key of one state is certified by another', {
      ...both,
      documents: [...arcadianKeys, charter(borealis), rootOfOther],
    }),
    contradicting('two states with one code', {
      anchors: [arcadia, other],
      documents: [...arcadianKeys, charter(other)],
    }),
    contradicting('two states with one code, one of them given by the verifier', {
      anchors: [arcadia, other.charter],
    }),
    verified(
      'two states with one code, of which one is not trusted',
      scene({
        documents: [...arcadianKeys, charter(other, untrusted)],
      }),
    ),
    verified(
      'a key of two states, of which one is not trusted',
      scene({
        documents: [...arcadianKeys, charter(borealis, untrusted), { ...twoStates, deviation: untrusted }],
      }),
    ),
    contradicting('257 certificates of a state', { documents: [ownCharter, ownKey, ...logKeys(256)] }),
    verified('256 certificates of a state', scene({ documents: [ownCharter, ownKey, ...logKeys(255)] })),
  ];
}

function logKeys(count: number): readonly DocumentPart[] {
  return Array.from({ length: count }, (_, index) => {
    const key = keyPair(drawn(`log key ${index}`, 32));
    return certificate(arcadia, 'log', { bytes: issued(arcadia, { key, id: idOf(`log ${index}`) }) });
  });
}
