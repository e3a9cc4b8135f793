import { type KnownOfficer, OFFICER_ROLES, whyNotInForce } from '@comity/approval';
import { fromHex, toHex } from '@comity/digest';
import { z } from 'zod';
import { operation } from '../control/operation.ts';
import { confirmOfficer } from '../officers/confirm-officer.ts';
import {
  endOfficer,
  enrolOfficer,
  importOfficer,
  MAX_OFFICER_DAYS,
  officersCalled,
} from '../officers/enrol-officer.ts';
import { codeOrId, stateOfCode } from '../peers/state-codes.ts';
import type { Sovereign } from '../sovereign.ts';
import { bytesOf, formatTime, officerId, signedAct, stateCode, timestamp } from './shapes.ts';

const role = z.enum(OFFICER_ROLES as ['officer', 'release-authority', 'administrator']);
const key = z.string().regex(/^[0-9a-f]{64}$/, 'expected the 64 hexadecimal digits of a public key');
/** More than all root keys and administrators who can be asked. */
const MAX_ACTS = 32;
const ofState = stateCode.optional().describe('the peer whose officer it is; default: this state');

const officerShown = z.object({
  state: z.string().describe('code of the state'),
  id: z.string(),
  name: z.string(),
  roles: z.array(role),
  status: z
    .enum(['in-force', 'unproven', 'not-yet-valid', 'expired', 'ended'])
    .describe(
      'unproven: nobody who may has signed that he is an officer, and nothing that he approves counts',
    ),
  kid: z.string().describe('thumbprint of the key that signs'),
  validFrom: timestamp,
  validUntil: timestamp,
  endedAt: timestamp.nullable(),
});

export const officerEnrol = operation({
  name: 'officer.enrol',
  summary:
    'certifies an officer of this state with its record key; he decides nothing before it is proven who has enrolled him',
  needs: 'home',
  args: z.strictObject({
    id: officerId,
    name: z
      .string()
      .min(1)
      .max(256)
      .regex(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u, 'expected a name in one line'),
    roles: z
      .array(role)
      .min(1)
      .refine((roles) => new Set(roles).size === roles.length, 'expected each role once'),
    publicKey: key.describe('Ed25519, of the key pair that the officer has made'),
    sealKey: key.describe('X25519, likewise'),
    validDays: z.int().min(1).max(MAX_OFFICER_DAYS).default(390),
  }),
  result: officerShown,
  run: async (sovereign: Sovereign, { publicKey, sealKey, ...enrolment }) =>
    shown(
      sovereign,
      await enrolOfficer(sovereign, {
        ...enrolment,
        publicKey: fromHex(publicKey),
        sealKey: fromHex(sealKey),
      }),
    ),
});

const signedActs = z.array(signedAct).max(MAX_ACTS);

export const officerConfirm = operation({
  name: 'officer.confirm',
  summary: 'takes in what administrators or root keys have signed: that somebody is an officer of this state',
  needs: 'home',
  args: z.strictObject({ id: officerId, acts: signedActs.min(1) }),
  result: officerShown.extend({
    signedBy: z.array(z.string()).describe('administrators and root keys that have signed it by now'),
  }),
  run: async (sovereign: Sovereign, { id, acts }) => {
    const { known, signers } = await confirmOfficer(sovereign, id, acts.map(bytesOf));
    return { ...shown(sovereign, known), signedBy: [...signers] };
  },
});

export const officerImport = operation({
  name: 'officer.import',
  summary: 'takes the certificate of an officer of a peer, to whom letters can then be sealed',
  needs: 'home',
  args: z.strictObject({ certificate: z.base64().describe('certificate, base64') }),
  result: officerShown,
  run: async (sovereign: Sovereign, { certificate }) =>
    shown(sovereign, await importOfficer(sovereign, new Uint8Array(Buffer.from(certificate, 'base64')))),
});

export const officerList = operation({
  name: 'officer.list',
  summary: 'the officers of this state and those of peers that are known here',
  needs: 'home',
  args: z.strictObject({}),
  result: z.object({
    officers: z.array(officerShown),
    unreadable: z
      .array(z.object({ state: z.string(), id: z.string(), code: z.string() }))
      .describe('officers whose stored certificate does not verify, and why; nothing that they sign counts'),
  }),
  run: async (sovereign: Sovereign) => ({
    officers: sovereign.officers.all().map((known) => shown(sovereign, known)),
    unreadable: sovereign.officers
      .unreadable()
      .map(({ state, id, code }) => ({ state: codeOrId(sovereign, state), id, code })),
  }),
});

export const officerShow = operation({
  name: 'officer.show',
  summary: 'one officer with all certificates, the newest first',
  needs: 'home',
  args: z.strictObject({ id: officerId, peer: ofState }),
  result: z.object({
    id: z.string(),
    certificates: z.array(
      officerShown.extend({
        publicKey: z.string(),
        sealKey: z.string().nullable(),
        certificate: z.string().describe('as signed, base64'),
      }),
    ),
  }),
  run: async (sovereign: Sovereign, { id, peer }) => ({
    id,
    certificates: officersCalled(
      sovereign,
      peer === undefined ? sovereign.self.state : stateOfCode(sovereign, peer),
      id,
    )
      .map((known) => ({
        ...shown(sovereign, known),
        publicKey: toHex(known.officer.publicKey),
        sealKey: known.officer.sealKey === undefined ? null : toHex(known.officer.sealKey),
        certificate: Buffer.from(known.officer.bytes).toString('base64'),
      }))
      .reverse(),
  }),
});

export const officerEnd = operation({
  name: 'officer.end',
  summary: 'ends an officer from now on: nothing counts any more that he signs or has approved',
  needs: 'home',
  args: z.strictObject({
    id: officerId,
    peer: ofState,
    acts: signedActs
      .default([])
      .describe('what was signed about the certificates of the officer that are in force'),
  }),
  result: z.object({
    id: z.string(),
    ended: z.array(officerShown).describe('certificates that were in force; none where there was none'),
  }),
  run: async (sovereign: Sovereign, { id, peer, acts }, emit) => {
    const ended = await endOfficer(
      sovereign,
      peer === undefined ? sovereign.self.state : stateOfCode(sovereign, peer),
      id,
      acts.map(bytesOf),
      emit,
    );
    return { id, ended: ended.map((known) => shown(sovereign, known)) };
  },
});

function shown(sovereign: Sovereign, known: KnownOfficer): z.input<typeof officerShown> {
  const { officer, endedAtSeconds } = known;
  const why = whyNotInForce(known, sovereign.now());
  return {
    state: codeOrId(sovereign, officer.state),
    id: officer.id,
    name: officer.name,
    roles: [...officer.roles],
    status: why === undefined ? 'in-force' : STATUS[why],
    kid: toHex(officer.kid),
    validFrom: formatTime(officer.notBeforeSeconds),
    validUntil: formatTime(officer.notAfterSeconds),
    endedAt: endedAtSeconds === null ? null : formatTime(endedAtSeconds),
  };
}

const STATUS = {
  'officer.unproven': 'unproven',
  'officer.not-yet-valid': 'not-yet-valid',
  'officer.expired': 'expired',
  'officer.ended': 'ended',
} as const;
