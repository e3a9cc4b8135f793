import { filled, hex, type Item, map } from '../cbor-text.ts';
import { cascadia } from '../disclosure/decision-scenes.ts';
import { arcadia, BEGIN_SECONDS, borealis, NOW_SECONDS } from '../states.ts';
import type { InvalidCase, VectorFile } from '../vector.ts';
import { listed } from './approvals.ts';
import {
  ANNA,
  type ApprovalOptions,
  approval,
  approvalInput,
  approvalsRefused,
  BRUNO,
  DAY_SECONDS,
  digests,
  flipped,
  type Members,
  type OfficerOptions,
  officer,
  PARTS,
  approvalRefused as refused,
} from './text.ts';

/** Approvals with one fault each (approval.md §1, §3, §4). */
export function refusedApprovals(): readonly VectorFile[] {
  return [
    approvalsRefused('approval-form', [...headers(), ...members(), ...signatures()], false),
    approvalsRefused('approval-content', [...order(), ...addressees(), ...periods()], true),
    approvalsRefused('approval-officers', [...signers(), ...terms()], true),
  ];
}

function headers(): readonly InvalidCase[] {
  const of = (comment: string, header: ApprovalOptions['header']): InvalidCase =>
    refused('approval.wrong-document', '1.2', comment, { header: header ?? [] });
  const long = approval({ payload: [[14, 'x'.repeat(32_768)]] });
  return [
    of('the typ of a certificate', [[16, 'application/comity-officer+cose']]),
    of('the typ of a question', [[16, 'application/comity-query+cose']]),
    of('no typ', [[16, undefined]]),
    of('a header that has no place here', [[170, -16]]),
    refused('cose.unprotected-header', '1.3', 'an entry in the unprotected header', {
      unprotected: map([17, 'x']),
    }),
    {
      comment: 'the certificate of the officer instead',
      in: approvalInput(officer().message),
      code: 'approval.wrong-document',
      clause: '1.2',
    },
    {
      comment: 'more than 32768 bytes',
      in: approvalInput(long.message),
      code: 'cbor.too-many-bytes',
      clause: '1.1',
    },
  ];
}

function members(): readonly InvalidCase[] {
  const of = (comment: string, key: Item, value: Item | undefined): InvalidCase =>
    refused('cbor.shape', '4.1', comment, { payload: [[key, value]] });
  const absent = Array.from({ length: 12 }, (_, index) => of(`without ${index + 1}`, index + 1, undefined));
  return [
    ...absent,
    of('a key 15', 15, 1),
    of('an addressee in capitals', 14, 'Bertil'),
    of('an addressee that is a state', 14, borealis.id),
    of('a key 0', 0, 1),
    of('a key that is a text', 'comment', 'x'),
    of('a state as text', 1, arcadia.idText),
    of('a state of 31 bytes', 1, arcadia.id.subarray(1)),
    of('an officer in capitals', 2, 'ANNA'),
    of('an officer of no character', 2, ''),
    of('a third decision', 3, 'abstain'),
    of('a decision as boolean', 3, true),
    of('a record id of 31 bytes', 4, filled(1, 31)),
    of('no part', 5, []),
    of('513 parts', 5, digests(513)),
    of('a digest of 31 bytes', 5, [filled(1, 31)]),
    of('parts as text', 5, PARTS.map(hex)),
    of('a recipient as code', 6, 'XBO'),
    of('a mode that is none', 7, 'publish'),
    of('a mode in capitals', 7, 'Push'),
    of('a purpose of no character', 8, ''),
    of('a purpose in capitals', 8, 'Incident-Response'),
    of('a purpose of 65 characters', 8, 'p'.repeat(65)),
    of('a rule of no character', 9, ''),
    of('a rule in capitals', 9, 'Warn'),
    of('a rule that begins with a digit', 9, '1st'),
    of('a rule with a dot', 9, 'warn.all'),
    of('a rule of 65 characters', 9, `r${'0'.repeat(64)}`),
    of('a limit without its place', 9, 'limits[]'),
    of('a place with a leading zero', 9, 'limits[01]'),
    of('a place below zero', 9, 'limits[-1]'),
    of('a place that no policy has', 9, 'limits[1000]'),
    of('an entry of another list', 9, 'rules[0]'),
    of('a line feed behind the place', 9, 'limits[0]\n'),
    of('a rule digest as text', 10, hex(filled(1))),
    of('a rule digest of 33 bytes', 10, filled(1, 33)),
    of('a reason of no character', 13, ''),
    of('a reason of 1001 bytes', 13, 'x'.repeat(1_001)),
    of('a reason of 1002 bytes in 501 characters', 13, 'é'.repeat(501)),
    of('a reason that turns direction', 13, 'a\u202eb'),
    of('a reason that is null: what is absent is left out', 13, null),
    refused('cbor.shape', '1.4', 'signed before 1970', { payload: [[11, -1]] }),
    refused('cbor.shape', '1.4', 'an end in the year 10000', { payload: [[12, 253_402_300_800]] }),
    refused('cbor.shape', '1.4', 'the payload is a list', { content: [arcadia.id, 'anna'] }),
  ];
}

function signatures(): readonly InvalidCase[] {
  const { message } = approval();
  const of = (code: string, clause: string, comment: string, bytes: Uint8Array): InvalidCase => ({
    comment,
    in: approvalInput(bytes),
    code,
    clause,
  });
  return [
    of('ed25519.bad-signature', '4.4', 'one bit of the signature changed', flipped(message)),
    refused('ed25519.bad-signature', '4.4', 'under the key id of the officer, signed with another key', {
      header: [[4, ANNA.keyId]],
      key: BRUNO,
    }),
    refused('cose.key-id', 'keys 4.3', 'no key id', { header: [[4, undefined]] }),
    refused('cose.algorithm-missing', 'keys 4.2', 'no algorithm', { header: [[1, undefined]] }),
    of('cose.not-sign1', 'keys 3.6', 'without the tag', message.subarray(1)),
    of('cbor.trailing-bytes', 'cbor 1.1', 'a byte behind it', Buffer.concat([message, Buffer.from([0])])),
  ];
}

function addressees(): readonly InvalidCase[] {
  const of = (comment: string, mode: string, addressee: string | undefined): InvalidCase =>
    refused('approval.addressee', '4.8', comment, {
      payload: [
        [7, mode],
        [14, addressee],
      ],
    });
  return [
    of('a letter to nobody', 'letter', undefined),
    of('unasked, to an officer', 'push', 'bertil'),
    of('in answer to a question, to an officer', 'query', 'bertil'),
    of('handed on, to an officer', 'relay', 'bertil'),
  ];
}

function order(): readonly InvalidCase[] {
  const of = (comment: string, parts: readonly Buffer[]): InvalidCase =>
    refused('approval.parts-order', '4.2', comment, { payload: [[5, parts]] });
  const [first, second] = PARTS as readonly [Buffer, Buffer];
  const many = digests(512);
  return [
    of('two parts in descending order', [second, first]),
    of('a part twice', [first, first]),
    of('the last of 512 parts twice', [...many.slice(0, 511), many[510] as Buffer]),
  ];
}

function periods(): readonly InvalidCase[] {
  const of = (code: string, comment: string, from: number, until: number): InvalidCase =>
    refused(code, '4.3', comment, {
      payload: [
        [11, from],
        [12, until],
      ],
    });
  const at = (code: string, comment: string, atSeconds: number): InvalidCase =>
    refused(code, '4.5', comment, {}, { atSeconds });
  return [
    of('approval.bad-validity', 'ends when it is signed', NOW_SECONDS, NOW_SECONDS),
    of('approval.bad-validity', 'ends before it is signed', NOW_SECONDS, NOW_SECONDS - 1),
    of(
      'approval.validity-too-long',
      '365 days and a second',
      NOW_SECONDS,
      NOW_SECONDS + 365 * DAY_SECONDS + 1,
    ),
    at('approval.issued-in-future', 'signed 301 seconds ahead', NOW_SECONDS - 301),
    at('approval.expired', 'in the second in which it ends', NOW_SECONDS + 30 * DAY_SECONDS),
  ];
}

function signers(): readonly InvalidCase[] {
  const bruno: OfficerOptions = { id: 'bruno', key: BRUNO };
  const unknown = (comment: string, options: ApprovalOptions, members: Members = {}): InvalidCase =>
    refused('approval.unknown-officer', '4.4', comment, options, members);
  const wrong = (comment: string, options: ApprovalOptions, members: Members = {}): InvalidCase =>
    refused('approval.wrong-officer', '4.4', comment, options, members);
  const two = { officers: [listed(), listed(bruno)] };
  const both = {
    charters: [arcadia, borealis].map(({ charter }) => hex(charter)),
    certificates: [arcadia, borealis].map(({ certificates }) => hex(certificates.record)),
  };
  return [
    unknown('no officer is known', {}, { officers: [] }),
    unknown('signed by somebody who is no officer', { officer: 'bruno', key: BRUNO }),
    unknown('signed with the record key of the state', { key: arcadia.keys.record }),
    unknown('the key of the officer before this one', { key: BRUNO }),
    wrong('in the name of another officer', { officer: 'bruno' }, two),
    wrong('of another state', { state: borealis }),
    wrong('of a state that is not known', { state: cascadia }),
    refused(
      'officer.wrong-state',
      '3.2',
      'the officer is one of another state',
      { state: borealis },
      { ...both, officers: [listed({ state: borealis })] },
    ),
    refused(
      'officer.wrong-state',
      '3.2',
      'one of the officers is one of another state',
      {},
      { ...both, officers: [listed(), listed({ state: borealis, ...bruno })] },
    ),
    refused(
      'officer.key-certified-twice',
      '3.2',
      'two officers with one key',
      {},
      { officers: [listed(), listed({ id: 'bruno' })] },
    ),
    refused(
      'officer.key-certified-twice',
      '3.2',
      'two certificates of one officer for one key',
      {},
      { officers: [listed(), listed({ payload: [[5, BEGIN_SECONDS + 1]] })] },
    ),
  ];
}

function terms(): readonly InvalidCase[] {
  const of = (code: string, comment: string, options: OfficerOptions, ended?: number): InvalidCase =>
    refused(code, '4.5', comment, {}, { officers: [listed(options, ended)] });
  const end = (at: number): OfficerOptions => ({ payload: [[4, at]] });
  const later = NOW_SECONDS + DAY_SECONDS;
  const rejection = (code: string, comment: string, options: OfficerOptions, ended?: number): InvalidCase =>
    refused(code, '4.5', comment, { payload: [[3, 'reject']] }, { officers: [listed(options, ended)] });
  return [
    of('officer.not-yet-valid', 'signed the second before the certificate begins', {
      payload: [[5, NOW_SECONDS + 1]],
    }),
    of('officer.expired', 'signed in the second in which the certificate ends', end(NOW_SECONDS)),
    of('officer.expired', 'the certificate has ended since', end(later)),
    of('officer.ended', 'ended before the approval was signed', {}, NOW_SECONDS - 1),
    of('officer.ended', 'ended in the second in which the approval was signed', {}, NOW_SECONDS),
    of('officer.ended', 'ended since, in this second', {}, later),
    of('officer.ended', 'ended at the beginning of time', {}, 0),
    rejection('officer.not-yet-valid', 'a rejection the second before the certificate begins', {
      payload: [[5, NOW_SECONDS + 1]],
    }),
    rejection('officer.expired', 'a rejection in the second in which the certificate ends', end(NOW_SECONDS)),
    rejection('officer.ended', 'a rejection in the second in which the officer is ended', {}, NOW_SECONDS),
    refused(
      'approval.expired',
      '4.5',
      'a rejection in the second in which it ends, by an officer who is ended since',
      { payload: [[3, 'reject']] },
      { officers: [listed({}, later)], atSeconds: NOW_SECONDS + 30 * DAY_SECONDS },
    ),
  ];
}
