import { z } from 'zod';
import { operation } from '../control/operation.ts';
import { describePeer, testPeer } from '../peers/describe-peer.ts';
import { leftWith } from '../peers/left-with-peer.ts';
import { addPeer, recogniseState } from '../peers/recognise.ts';
import { removePeer } from '../peers/remove-peer.ts';
import { setSuspended } from '../peers/suspend.ts';
import { evidenceAgainst, updatePeer } from '../peers/update-peer.ts';
import type { Sovereign } from '../sovereign.ts';
import { statusOf } from '../status.ts';
import { peerStatus } from './node.ts';
import {
  certifiedKeyShown,
  fingerprintShown,
  keyStateStatus,
  recordId,
  stateCode,
  timestamp,
} from './shapes.ts';

const levels = z.record(z.string(), z.string());

export const equivalenceArgs = z.strictObject({
  outbound: levels.describe('our level → their level'),
  inbound: levels.describe('their level → our level'),
});

/** What is said of a state when it is recognised. */
const terms = z.strictObject({
  card: z.string().describe('state card, base64'),
  fingerprint: z
    .string()
    .describe('what the other state read out: words, digits, the text of its QR code, or its id'),
  ceiling: z.string().optional().describe('highest of our levels that may go there; default: the lowest'),
  equivalence: equivalenceArgs.optional(),
  categories: z.array(z.strictObject({ set: z.string(), values: z.array(z.string()) })).optional(),
  community: z.boolean().optional().describe('whether TLP:GREEN material may go there; default: it may'),
  validDays: z.int().min(1).max(3_650).default(365),
  theirs: z
    .string()
    .optional()
    .describe('recognition of this state by the other, base64: its table of levels is confirmed'),
});

const recognitionBytes = z.string().describe('the recognition that was signed, base64, for the other state');

export const peerRecognise = operation({
  name: 'peer.recognise',
  summary: 'signs a recognition with our root keys for the other state to confirm; nothing is in force by it',
  needs: 'home',
  args: terms,
  result: z.object({
    code: stateCode,
    name: z.string(),
    ceiling: z.string(),
    outbound: levels,
    inbound: levels,
    validUntil: timestamp,
    ours: recognitionBytes,
  }),
  run: (sovereign: Sovereign, args) => recogniseState(sovereign, args),
});

export const peerAdd = operation({
  name: 'peer.add',
  summary: 'recognises a state: what both sides have signed about each other comes into force',
  needs: 'home',
  args: terms.extend({
    renew: z
      .boolean()
      .default(false)
      .describe('replace the recognition of a peer that is known; what is not given stays as it was'),
    ours: z
      .string()
      .optional()
      .describe('recognition that our root keys have signed before, base64, instead of the terms'),
  }),
  result: z.object({
    code: stateCode,
    name: z.string(),
    state: z.string(),
    fingerprint: z.string(),
    ceiling: z.string(),
    recognisedUntil: timestamp,
    confirmed: z
      .boolean()
      .describe('whether the other side has signed the same; until then nothing is in force'),
    ours: recognitionBytes,
    released: z.int().describe('entries written for records issued before'),
  }),
  run: (sovereign: Sovereign, args, emit) => addPeer(sovereign, args, emit),
});

export const peerList = operation({
  name: 'peer.list',
  summary: 'the states this node recognises',
  needs: 'home',
  args: z.strictObject({}),
  result: z.object({ peers: z.array(peerStatus) }),
  run: async (sovereign: Sovereign) => ({ peers: (await statusOf(sovereign)).peers }),
});

export const peerShow = operation({
  name: 'peer.show',
  summary: 'one peer: recognition both ways, equivalence, keys, ledgers',
  needs: 'home',
  args: z.strictObject({ peer: stateCode }),
  result: z.object({
    status: peerStatus,
    state: z.string(),
    fingerprint: z.string().describe('state id in groups'),
    shortFingerprint: fingerprintShown,
    suspended: z.boolean(),
    confirmed: z
      .boolean()
      .describe('whether both sides have signed the same; until then nothing is in force'),
    ceiling: z.string(),
    community: z.boolean(),
    recognisedUntil: z.string(),
    equivalence: z.array(
      z.object({
        ours: z.string(),
        theirs: z.string().nullable(),
        direction: z.enum(['out', 'in']),
        disputed: z
          .boolean()
          .describe('the other state has signed something else about this level, or nothing'),
        inForce: z
          .boolean()
          .describe('whether the level is mapped; above one that is disputed or left out, none is'),
      }),
    ),
    keys: z.array(certifiedKeyShown),
    delegates: z
      .array(certifiedKeyShown)
      .describe('offices to which the peer has delegated, with what each may let others sign'),
    keyState: keyStateStatus.nullable().describe('null where the peer has shown none'),
    charterVersion: z.int(),
    contradictions: z.int().describe('times that the peer has signed what cannot both be true'),
    addresses: z.array(z.string()),
  }),
  run: (sovereign: Sovereign, { peer }) => describePeer(sovereign, peer),
});

export const peerUpdate = operation({
  name: 'peer.update',
  summary: 'takes charters, key state and certificates of a known peer from a card, whoever brought it',
  needs: 'home',
  args: z.strictObject({
    card: z.string().describe('state card, base64'),
    theirs: z.string().optional().describe('recognition of this state by the peer, base64'),
  }),
  result: z.object({
    peer: stateCode,
    confirmed: z.boolean(),
    changed: z.boolean(),
    charterVersion: z.int(),
    keyState: keyStateStatus.nullable(),
  }),
  run: (sovereign: Sovereign, args, emit) => updatePeer(sovereign, args, emit),
});

export const peerEvidence = operation({
  name: 'peer.evidence',
  summary: 'evidence that a peer has signed charters or key states that cannot both be true',
  needs: 'home',
  args: z.strictObject({ peer: stateCode }),
  result: z.object({
    peer: stateCode,
    evidence: z
      .array(z.object({ foundAt: timestamp, file: z.string().describe('evidence, base64') }))
      .describe('the first that was found first'),
  }),
  run: (sovereign: Sovereign, { peer }) => evidenceAgainst(sovereign, peer),
});

export const peerTest = operation({
  name: 'peer.test',
  summary: 'tries each stage of a connection to a peer and says where it ends',
  needs: 'running',
  args: z.strictObject({ peer: stateCode }),
  result: z.object({
    peer: stateCode,
    stages: z.array(
      z.object({
        stage: z.string(),
        result: z.enum(['ok', 'failed', 'not-reached']),
        code: z.string().nullable(),
        tookMs: z.number().nullable(),
        detail: z.string(),
      }),
    ),
  }),
  run: (sovereign: Sovereign, { peer }) => testPeer(sovereign, peer),
});

export const peerRemove = operation({
  name: 'peer.remove',
  summary:
    'lets a state be a peer no longer: nothing is served to it or taken from it, and what it gave stays',
  needs: 'home',
  args: z.strictObject({
    peer: stateCode,
    everywhere: z
      .boolean()
      .default(false)
      .describe('also order all other peers not to pass it records of this state'),
    dryRun: z.boolean().default(false).describe('only say what would be left there'),
  }),
  result: z.object({
    peer: stateCode,
    told: z.array(stateCode).describe('peers to which the order goes'),
    left: z
      .object({
        records: z.int().describe('records of which it was handed parts and has not obeyed the recall'),
        parts: z.int().describe('parts of these, but those that it has said to have erased'),
        unanswered: z.array(z.string()).describe('orders that it has neither obeyed nor refused'),
        waiting: z.int().describe('records of which something waited to be released to it'),
        retractions: z.array(recordId).describe('retractions among them'),
        byConsent: z.array(recordId).describe('records that others may hand it by a consent in force'),
      })
      .describe('what stays with it, and what ends with it'),
  }),
  run: async (sovereign: Sovereign, { peer, everywhere, dryRun }, emit) => {
    // What waits for it is taken off with it.
    const left = await leftWith(sovereign, peer);
    return { peer, told: dryRun ? [] : await removePeer(sovereign, peer, everywhere, emit), left };
  },
});

export const peerSuspend = operation({
  name: 'peer.suspend',
  summary: 'stops all service to a peer at once, or resumes it',
  needs: 'home',
  args: z.strictObject({
    peer: stateCode,
    resume: z.boolean().default(false),
    everywhere: z
      .boolean()
      .default(false)
      .describe('also order all other peers not to pass it records of this state, or end that order'),
  }),
  result: z.object({
    peer: stateCode,
    suspended: z.boolean(),
    told: z.array(stateCode).describe('peers to which the order goes'),
  }),
  run: (sovereign: Sovereign, { peer, resume, everywhere }, emit) =>
    setSuspended(sovereign, peer, { suspended: !resume, everywhere }, emit),
});
