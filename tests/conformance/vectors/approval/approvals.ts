import { hex, type Item } from '../cbor-text.ts';
import { arcadia, BEGIN_SECONDS, borealis, NOW_SECONDS } from '../states.ts';
import type { Json, ValidCase, VectorFile } from '../vector.ts';
import {
  type ApprovalOptions,
  approval,
  approvalInput,
  approvalsTaken,
  BRUNO,
  DAY_SECONDS,
  digests,
  type Members,
  type OfficerOptions,
  officer,
  PARTS,
  RECORD_ID,
  RULE_DIGEST,
} from './text.ts';

/** Approvals that count (approval.md §3, §4). */
export function approvals(): readonly VectorFile[] {
  return [approvalsTaken('approvals', [...contents(), ...times(), ...people(), ...rejections()])];
}

/** An entry of `officers`. */
export function listed(options: OfficerOptions = {}, endedAtSeconds?: number): Json {
  return {
    certificate: hex(officer(options).message),
    ...(endedAtSeconds !== undefined && { endedAtSeconds }),
  };
}

function counts(
  comment: string,
  options: ApprovalOptions,
  out: Members = {},
  members: Members = {},
): ValidCase {
  const { message, id } = approval(options);
  return {
    comment,
    in: approvalInput(message, members),
    out: {
      id: hex(id),
      officer: options.officer ?? 'anna',
      roles: ['officer'],
      decision: 'approve',
      recordId: hex(RECORD_ID),
      parts: PARTS.map(hex),
      recipient: borealis.idText,
      mode: 'push',
      purpose: 'incident-response',
      rule: 'warn-neighbours',
      ruleDigest: hex(RULE_DIGEST),
      issuedAtSeconds: NOW_SECONDS,
      notAfterSeconds: NOW_SECONDS + 30 * DAY_SECONDS,
      ...out,
    },
  };
}

function contents(): readonly ValidCase[] {
  const of = (comment: string, key: number, value: Item, out: Members): ValidCase =>
    counts(comment, { payload: [[key, value]] }, out);
  const rule = (comment: string, name: string): ValidCase => of(comment, 9, name, { rule: name });
  const reason = (comment: string, text: string): ValidCase => of(comment, 13, text, { reason: text });
  const many = digests(512);
  return [
    counts('two parts of a record, for a year less', {}),
    of('a rejection', 3, 'reject', { decision: 'reject' }),
    of('one part', 5, PARTS.slice(0, 1), { parts: PARTS.slice(0, 1).map(hex) }),
    of('512 parts', 5, many, { parts: many.map(hex) }),
    of('in answer to questions', 7, 'query', { mode: 'query' }),
    of('to hand on', 7, 'relay', { mode: 'relay' }),
    counts(
      'a letter to an officer of the recipient',
      {
        payload: [
          [7, 'letter'],
          [14, 'bertil'],
        ],
      },
      { mode: 'letter', addressee: 'bertil' },
    ),
    of('a purpose that is not registered: no rule is about it', 8, 'curiosity', { purpose: 'curiosity' }),
    of('for the deciding state itself, to which nothing is released', 6, arcadia.id, {
      recipient: arcadia.idText,
    }),
    rule('a rule of one letter', 'r'),
    rule('a rule of 64 characters', `r${'0'.repeat(63)}`),
    rule('a rule that is called as a list of the policy', 'limits'),
    rule('the first limit', 'limits[0]'),
    rule('the last limit that a policy can have', 'limits[999]'),
    rule('an entry of the reciprocity', 'reciprocity[10]'),
    reason('a reason of one character', 'x'),
    reason('a reason of 1000 bytes in 500 characters', 'é'.repeat(500)),
    reason('a reason of two lines, with a tab', 'Agreed\twith the operator\nby telephone'),
  ];
}

function times(): readonly ValidCase[] {
  const at = (comment: string, atSeconds: number): ValidCase => counts(comment, {}, {}, { atSeconds });
  const period = (comment: string, from: number, until: number, atSeconds: number): ValidCase =>
    counts(
      comment,
      {
        payload: [
          [11, from],
          [12, until],
        ],
      },
      { issuedAtSeconds: from, notAfterSeconds: until },
      { atSeconds },
    );
  return [
    at('when it is signed', NOW_SECONDS),
    at('300 seconds before it is signed', NOW_SECONDS - 300),
    at('in its last second', NOW_SECONDS + 30 * DAY_SECONDS - 1),
    period('for one second', NOW_SECONDS, NOW_SECONDS + 1, NOW_SECONDS),
    period('for 364 days, as the certificate', BEGIN_SECONDS, BEGIN_SECONDS + 364 * DAY_SECONDS, NOW_SECONDS),
    period('for 365 days', BEGIN_SECONDS, BEGIN_SECONDS + 365 * DAY_SECONDS, NOW_SECONDS),
    period(
      'for longer than the officer is certified: it counts as long as both do',
      NOW_SECONDS,
      NOW_SECONDS + 365 * DAY_SECONDS,
      BEGIN_SECONDS + 365 * DAY_SECONDS - 1,
    ),
  ];
}

function people(): readonly ValidCase[] {
  const bruno: OfficerOptions = { id: 'bruno', key: BRUNO };
  const both: OfficerOptions = { payload: [['roles', ['release-authority', 'officer']]] };
  const after: OfficerOptions = { key: BRUNO };
  return [
    counts(
      'an officer of two roles',
      {},
      { roles: ['release-authority', 'officer'] },
      {
        officers: [listed(both)],
      },
    ),
    counts('of two officers, the first', {}, {}, { officers: [listed(), listed(bruno)] }),
    counts(
      'of two officers, the second',
      { officer: 'bruno', key: BRUNO },
      {},
      { officers: [listed(), listed(bruno)] },
    ),
    counts(
      'the second before the officer is ended',
      {},
      {},
      {
        officers: [listed({}, NOW_SECONDS + DAY_SECONDS + 1)],
      },
    ),
    counts(
      'another officer is ended',
      {},
      {},
      {
        officers: [listed(bruno, NOW_SECONDS), listed()],
      },
    ),
    counts(
      'a new key of an officer whose old key is ended',
      { key: BRUNO },
      {},
      {
        officers: [listed({}, NOW_SECONDS), listed(after)],
      },
    ),
    counts(
      'a certificate stands there again: the last time counts',
      {},
      {},
      {
        officers: [listed({}, NOW_SECONDS), listed()],
      },
    ),
    counts(
      'the certificate begins when the approval is signed',
      {},
      {},
      {
        officers: [listed({ payload: [[5, NOW_SECONDS]] })],
      },
    ),
  ];
}

/** What an officer rejected when he was one stays rejected. */
function rejections(): readonly ValidCase[] {
  const of = (comment: string, options: OfficerOptions, ended?: number, atSeconds?: number): ValidCase =>
    counts(
      comment,
      { payload: [[3, 'reject']] },
      { decision: 'reject' },
      { officers: [listed(options, ended)], ...(atSeconds !== undefined && { atSeconds }) },
    );
  const later = NOW_SECONDS + DAY_SECONDS;
  const brief: OfficerOptions = { payload: [[4, later]] };
  return [
    of('a rejection, and the officer is ended since, in this second', {}, later),
    of('a rejection, and the officer is ended the second after it was signed', {}, NOW_SECONDS + 1),
    of('a rejection, and the certificate has ended since, in this second', brief),
    of(
      'a rejection in its last second, and both have ended',
      brief,
      later,
      NOW_SECONDS + 30 * DAY_SECONDS - 1,
    ),
    of(
      'a rejection that is signed 300 seconds ahead, before the certificate begins',
      {
        payload: [[5, NOW_SECONDS]],
      },
      undefined,
      NOW_SECONDS - 300,
    ),
  ];
}
