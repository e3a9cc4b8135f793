import { DAY_SECONDS, flipped } from '../approval/text.ts';
import { filled, hex } from '../cbor-text.ts';
import { arcadia, BEGIN_SECONDS, borealis, NOW_SECONDS } from '../states.ts';
import type { InvalidCase, ValidCase, VectorFile } from '../vector.ts';
import {
  anna,
  type Changes,
  type LetterOptions,
  letterText,
  type Members,
  norm,
  sealForm,
  sealInput,
} from './text.ts';

/** Letters that are sealed, byte for byte (letter.md §2, 4.2). */
export function sealings(): readonly VectorFile[] {
  return [
    { ...sealForm, name: 'sealings', grammar: { 'out.letter': 'sealed-letter' }, valid: valid() },
    { ...sealForm, name: 'sealings', invalid: [...officers(), ...contents()] },
  ];
}

function sealed(comment: string, members: Members, options: LetterOptions = {}): ValidCase {
  const { letter, id } = letterText(options);
  return { comment, in: sealInput(members), out: { letter: hex(letter), id: hex(id) } };
}

function valid(): readonly ValidCase[] {
  const withContent = (comment: string, members: Members, content: Changes): ValidCase =>
    sealed(comment, members, { content });
  const { whole, title, kind } = norm;
  const all = [whole, title, kind];
  const END = BEGIN_SECONDS + 365 * DAY_SECONDS;
  return [
    sealed('the worked example', {}),
    sealed('with other randomness', { random: 'ff'.repeat(32) }, { random: filled(0xff) }),
    withContent('with a note', { note: 'For you.' }, [[5, 'For you.']]),
    withContent('without a part', { disclosures: [] }, [[2, []]]),
    withContent(
      'with parts in the order in which they are given',
      { disclosures: all.map(({ bytes }) => hex(bytes)) },
      [[2, all.map(({ bytes }) => bytes)]],
    ),
    withContent('a record that is none: what stands in it is not looked at', { record: '00' }, [
      [1, filled(0, 1)],
    ]),
    withContent('in the first second of the certificate', { atSeconds: BEGIN_SECONDS }, [[3, BEGIN_SECONDS]]),
    withContent('in its last', { atSeconds: END - 1 }, [[3, END - 1]]),
    withContent(
      'a second before the officer is ended',
      {
        atSeconds: NOW_SECONDS - 1,
        officer: { certificate: hex(anna().message), endedAtSeconds: NOW_SECONDS },
      },
      [[3, NOW_SECONDS - 1]],
    ),
    sealed(
      'from Borealis to itself: who may write to whom is not looked at',
      { sender: borealis.idText },
      { address: [[1, borealis.id]] },
    ),
  ];
}

function refused(code: string, clause: string, comment: string, members: Members): InvalidCase {
  return { comment, in: sealInput(members), code, clause };
}

function officers(): readonly InvalidCase[] {
  const certificate = hex(anna().message);
  const END = BEGIN_SECONDS + 365 * DAY_SECONDS;
  return [
    refused('officer.not-yet-valid', '4.2', 'a second before the certificate begins', {
      atSeconds: BEGIN_SECONDS - 1,
    }),
    refused('officer.expired', '4.2', 'in the second in which it ends', { atSeconds: END }),
    refused('officer.ended', '4.2', 'in the second in which the officer is ended', {
      officer: { certificate, endedAtSeconds: NOW_SECONDS },
    }),
    refused('letter.no-seal-key', '4.2', 'to an officer without a key for letters', {
      officer: { certificate: hex(anna({ payload: [['seal', undefined]] }).message) },
    }),
    refused('ed25519.bad-signature', 'approval 2.2', 'to an officer whom his state has not certified', {
      officer: { certificate: hex(flipped(anna().message)) },
    }),
    refused('officer.bad-seal-key', 'approval 2.6', 'to an officer whose key is of small order', {
      officer: { certificate: hex(anna({ payload: [['seal', filled(0)]] }).message) },
    }),
    refused('identity.unknown-key', 'approval 2.2', 'to an officer of a state that is not known', {
      charters: [hex(arcadia.charter)],
      certificates: [hex(arcadia.certificates.record)],
    }),
  ];
}

function contents(): readonly InvalidCase[] {
  const of = (comment: string, members: Members): InvalidCase =>
    refused('cbor.shape', '2.1', comment, members);
  return [
    of('a record of no byte', { record: '' }),
    of('a disclosure of no byte', { disclosures: [''] }),
    of('513 disclosures', { disclosures: Array.from({ length: 513 }, () => '80') }),
    of('no purpose: an empty text', { purpose: '' }),
    of('a purpose in capitals', { purpose: 'Response' }),
    of('an empty note', { note: '' }),
    of('a note of 1001 bytes', { note: 'n'.repeat(1_001) }),
    of('a note that turns the direction of what follows', { note: '\u202e' }),
  ];
}
