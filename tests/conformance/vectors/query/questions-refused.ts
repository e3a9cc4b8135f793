import { cbor, filled, hex, type Item, map, Tag } from '../cbor-text.ts';
import { cascadia } from '../disclosure/decision-scenes.ts';
import { arcadia, BEGIN_SECONDS, borealis, drawn, END_SECONDS, NOW_SECONDS } from '../states.ts';
import type { InvalidCase, VectorFile } from '../vector.ts';
import { payloads } from './question-payloads-refused.ts';
import { inputOf, question, questionsRefused, refused } from './question-text.ts';
import { questionOfBytes } from './questions.ts';

/** Questions with one fault each (query.md §1, §2, 4.2). */
export function refusedQuestions(): readonly VectorFile[] {
  return [
    questionsRefused('question-form', [...sizes(), ...headers(), ...claims()]),
    questionsRefused('question-payload', payloads()),
    questionsRefused('question-context', [...context(), ...keys()], {
      question: 'question',
      charters: 'charter',
      certificates: 'key-certificate',
    }),
    questionsRefused('question-signature', signatures()),
  ];
}

function sizes(): readonly InvalidCase[] {
  const { payload } = questionOfBytes(16_385);
  return [refused('query.malformed', '1.1', '16385 bytes', { payload })];
}

function headers(): readonly InvalidCase[] {
  const of = (comment: string, options: Parameters<typeof refused>[3]): InvalidCase =>
    refused('query.malformed', '1.2', comment, options);
  return [
    of('the typ of a record', { header: [[16, 'application/comity-record+cose']] }),
    of('a typ in another letter case', { header: [[16, 'Application/comity-query+cose']] }),
    of('a typ that is a number', { header: [[16, 60]] }),
    of('no typ at all', { header: [[16, undefined]] }),
    of('no claims', { header: [[15, undefined]] }),
    of('a header that has no place here', { header: [[170, -16]] }),
    of('a header in place of the typ', {
      header: [
        [16, undefined],
        [3, 'application/comity-query+cose'],
      ],
    }),
    of('an entry in the unprotected header', { unprotected: map([17, [Buffer.from('80', 'hex')]]) }),
  ];
}

function claims(): readonly InvalidCase[] {
  const of = (comment: string, key: Item, value: Item | undefined): InvalidCase =>
    refused('query.malformed', '1.3', comment, { claims: [[key, value]] });
  return [
    of('an issuer of 32 bytes instead of a text', 1, borealis.id),
    of('an issuer in capitals', 1, borealis.idText.toUpperCase()),
    of('an issuer of 63 digits', 1, borealis.idText.slice(1)),
    of('no issuer', 1, undefined),
    of('the subject of a record', 2, 'incident/alban'),
    of('a subject in another letter case', 2, 'Query'),
    of('no subject', 2, undefined),
    of('no time of issue', 6, undefined),
    of('a time of issue before 1970', 6, -1),
    of('a time of issue as text', 6, '2026-11-24T10:00:00Z'),
    of('a nonce of 15 bytes', 7, drawn('nonce', 15)),
    of('a nonce of 17 bytes', 7, drawn('nonce', 17)),
    of('a nonce of no byte', 7, Buffer.alloc(0)),
    of('a nonce as text', 7, '0707070707070707'),
    of('no nonce: two questions of one text would be one', 7, undefined),
    of('a claim that has no place here', 4, END_SECONDS),
    refused('query.malformed', '1.3', 'the claims are a list', {
      header: [[15, [borealis.idText, 'query', NOW_SECONDS, drawn('nonce')]]],
    }),
  ];
}

function context(): readonly InvalidCase[] {
  const issuer = (
    comment: string,
    options: Parameters<typeof refused>[3],
    members: Parameters<typeof refused>[4],
  ): InvalidCase => refused('query.wrong-issuer', '4.2', comment, options, members);
  const time = (
    comment: string,
    issuedAtSeconds: number,
    members: Parameters<typeof refused>[4] = {},
  ): InvalidCase => refused('query.too-old', '4.2', comment, { issuedAtSeconds }, members);
  const known = {
    charters: [arcadia, borealis, cascadia].map(({ charter }) => hex(charter)),
    certificates: [borealis, cascadia].map(({ certificates }) => hex(certificates.record)),
  };
  return [
    issuer('sent on the connection of another state', {}, { ...known, from: cascadia.idText }),
    issuer(
      'another state asks in the name of the one that sends it, under its own key',
      { asker: cascadia, claims: [[1, borealis.idText]] },
      { ...known, from: cascadia.idText },
    ),
    issuer('issued by the state that is asked', { claims: [[1, arcadia.idText]] }, {}),
    refused('query.not-for-us', '4.2', 'for another state', { payload: [[1, cascadia.id]] }),
    refused('query.not-for-us', '4.2', 'for the asking state itself', { payload: [[1, borealis.id]] }),
    time('issued 301 seconds ago', NOW_SECONDS - 301),
    time('issued 301 seconds ahead of the clock', NOW_SECONDS + 301),
    time('issued a second ago, for a state that allows no age', NOW_SECONDS - 1, { maxAgeSeconds: 0 }),
    time('an age that is allowed does not move the clock ahead', NOW_SECONDS + 301, {
      maxAgeSeconds: 86_400,
    }),
  ];
}

function keys(): readonly InvalidCase[] {
  const at = (code: string, comment: string, seconds: number): InvalidCase =>
    refused(code, 'charter 6.6', comment, { issuedAtSeconds: seconds }, { nowSeconds: seconds });
  const known = { certificates: [hex(borealis.certificates.record), hex(arcadia.certificates.record)] };
  return [
    refused(
      'identity.unknown-key',
      '4.8',
      'in the name of the asking state, under a record key of another one that is known',
      { key: arcadia.keys.record },
      known,
    ),
    refused(
      'identity.unknown-key',
      '4.8',
      'in the name of the asking state, under a log key of another one that is known',
      { key: arcadia.keys.log },
      { certificates: [hex(borealis.certificates.record), hex(arcadia.certificates.log)] },
    ),
    refused(
      'identity.unknown-key',
      'charter 6.6',
      'no certificate for the key is known',
      {},
      { certificates: [] },
    ),
    refused(
      'identity.wrong-usage',
      'charter 6.6',
      'signed with a key for logs',
      { key: borealis.keys.log },
      { certificates: [hex(borealis.certificates.log)] },
    ),
    refused(
      'identity.wrong-usage',
      'charter 6.6',
      'signed with the key of connections',
      { key: borealis.keys.transport },
      { certificates: [hex(borealis.certificates.transport)] },
    ),
    at('identity.not-yet-valid', 'the second before the key is valid', BEGIN_SECONDS - 1),
    at('identity.expired', 'the first second in which the key is valid no more', END_SECONDS),
  ];
}

function signatures(): readonly InvalidCase[] {
  const { message } = question();
  const flipped = Buffer.from(message);
  flipped[message.length - 40] = (message[message.length - 40] ?? 0) ^ 1;
  const of = (code: string, clause: string, comment: string, bytes: Uint8Array): InvalidCase => ({
    comment,
    in: inputOf(bytes),
    code,
    clause,
  });
  return [
    of('ed25519.bad-signature', '4.2', 'one bit of the signature changed', flipped),
    refused('ed25519.bad-signature', '4.2', 'signed with another key than the header names', {
      header: [[4, borealis.keys.record.keyId]],
      key: borealis.keys.log,
    }),
    refused('cose.algorithm', 'keys 4.2', 'the algorithm that leaves the curve open', { header: [[1, -8]] }),
    refused('cose.key-id', 'keys 4.3', 'no key id', { header: [[4, undefined]] }),
    refused('cose.key-id', 'keys 4.3', 'a key id of 31 bytes', {
      header: [[4, borealis.keys.record.keyId.subarray(1)]],
    }),
    of('cose.not-sign1', 'keys 3.6', 'without the tag', message.subarray(1)),
    of(
      'cbor.trailing-bytes',
      'cbor 1.1',
      'a byte behind the question',
      Buffer.concat([message, Buffer.from([0])]),
    ),
    of('cbor.truncated', 'cbor 1.1', 'without its last byte', message.subarray(0, -1)),
    of(
      'cose.not-sign1',
      'keys 4.1',
      'a fifth element',
      cbor(new Tag(18, [Buffer.alloc(0), map(), Buffer.alloc(0), filled(0, 64), null])),
    ),
  ];
}
