import { MAX_ACT_BYTES } from '@comity/approval';
import { LOG_END_REASONS } from '@comity/identity';
import { z } from 'zod';

/** Shapes that several operations answer with. They are the `--json` contract: see protocol/schemas/cli.schema.json. */

export const recordId = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'expected the 64 hexadecimal digits of a record id');
/** A record id or its first digits, as people give it. */
export const idPrefix = z.string().regex(/^[0-9a-f]{4,64}$/, 'expected at least 4 hexadecimal digits');
export const stateCode = z
  .string()
  .regex(/^[A-Z]{3}$/, 'expected the code of a state: three capital letters');
/** What a state calls an officer of its own. */
/** What an officer has signed to do something: kept no longer than base64 of the longest act. */
export const signedAct = z
  .base64()
  .max(Math.ceil(MAX_ACT_BYTES / 3) * 4)
  .describe('what an officer has signed to do this, base64');

export function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

export const officerId = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9.-]{0,63}$/,
    'expected 1 to 64 lower-case letters, digits, dots and hyphens, not beginning with a dot or hyphen',
  );
/** A short fingerprint in the forms in which people compare it. */
export const fingerprintShown = z.object({
  digits: z.string().describe('eight groups of five, the same in every language'),
  words: z.record(z.string(), z.string()).describe('twelve words, by language'),
  code: z.string().describe('what its QR code says'),
});
export const timestamp = z.string().describe('RFC 3339, UTC');

export const RECORD_STATUSES = [
  'current',
  'narrowed',
  'superseded',
  'retracted',
  'recalled',
  'expired',
  'damaged',
] as const;

export const recordSummary = z.object({
  id: recordId,
  type: z.string(),
  subject: z.string(),
  title: z
    .string()
    .nullable()
    .describe('null where the title is withheld from this node or the type is unknown'),
  issuer: z.string().describe('code of the issuing state as known here, or its id'),
  issuedAt: timestamp,
  label: z.string().describe('banner: dominant label of the parts held'),
  parts: z.int().describe('parts held'),
  status: z
    .enum(RECORD_STATUSES)
    .describe(
      'recalled: its issuer has taken it back, and it is still here; narrowed: parts of it are taken back',
    ),
  exercise: z.string().nullable(),
  damage: z
    .string()
    .nullable()
    .optional()
    .describe('code of the reason why the record as stored no longer opens; only with status damaged'),
});
export type RecordSummary = z.infer<typeof recordSummary>;

export const heldPart = z.object({
  path: z.string(),
  label: z.string(),
  value: z.json(),
  redactedElements: z
    .int()
    .optional()
    .describe('elements of this list that are withheld or padding; which of the two cannot be told'),
});

/** `hold`: a person has to approve first. */
export const outcome = z.enum(['release', 'hold', 'withhold']);

export const partOutcome = z.object({
  path: z.string(),
  label: z.string(),
  outcome,
  reason: z.string(),
  rule: z.string().nullable(),
  missing: z
    .object({ role: z.string(), persons: z.int(), have: z.int() })
    .optional()
    .describe('whose approvals a held part waits for: the role, how many officers, how many have approved'),
  from: timestamp
    .optional()
    .describe(
      'time from which the part is released by itself, at the end of an embargo or by a succession of its label; only where it is withheld until then',
    ),
});
export type PartOutcome = z.infer<typeof partOutcome>;

export const peerOutcome = z.object({
  peer: stateCode,
  outcome,
  purposes: z.array(z.string()),
  envelope: z.object({ outcome, reason: z.string() }),
  parts: z.array(partOutcome),
});
export type PeerOutcome = z.infer<typeof peerOutcome>;

/** How a state is named that need be no peer. */
export const stateName = z.string().describe('code of the state as known here, or its id');

export const relayWarning = z
  .object({
    code: z.enum([
      'release.relay-above-ceiling',
      'release.relay-unrecognised',
      'release.relay-outside-community',
    ]),
    state: stateName,
    parts: z
      .array(z.string())
      .describe('paths of the parts; `envelope` for what tells that the record exists'),
    from: z
      .string()
      .nullable()
      .describe('time of the succession that permits it; null where it is permitted now'),
  })
  .describe('a state to which the labels let others hand parts that this state would not hand it');
export type RelayWarning = z.infer<typeof relayWarning>;

export const connection = z.enum([
  'connected',
  'connecting',
  'waiting',
  'refused',
  'suspended',
  'stopped',
  'faulty',
  'removed',
]);

/** Seconds since 1970 as RFC 3339 in UTC, whole seconds. */
/** As of which time something is told; where it is left out, now. */
export const asOf = z
  .int()
  .min(0)
  .max(253_402_300_799)
  .optional()
  .describe('as of then, UTC seconds; default: now');

export function formatTime(atSeconds: number): string {
  return `${new Date(atSeconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** As `formatTime`; null where there is no time. */
export function timeOrNull(atSeconds: number | undefined): string | null {
  return atSeconds === undefined ? null : formatTime(atSeconds);
}

/** What a state says of one of its keys. */
export const keyStanding = z.enum(['live', 'superseded', 'revoked', 'not-listed']);

/** A key with its certificate. */
export const certifiedKeyShown = z.object({
  usage: z.string(),
  kid: z.string(),
  validFrom: z.string(),
  validUntil: z.string(),
  standing: keyStanding,
  subject: z.string().describe('who holds it'),
  delegatedBy: z.string().nullable().describe('id of the key of the delegate that certified it'),
  types: z.array(z.string()).nullable().describe('record types it may sign; null: all'),
  max: z.string().nullable().describe('highest level it may label with; null: any'),
  depth: z.int().nullable().describe('of a delegate: how far it may delegate'),
});

/** How the key state of a state is by now. */
export const keyStateStatus = z.object({
  version: z.int(),
  ageSeconds: z.int().describe('since its time of issue: what was revoked since is not in it'),
  stale: z.boolean().describe('its end has come: there should be a newer one'),
  revoked: z.int().describe('keys that it revokes'),
  endedLogs: z
    .array(
      z.object({
        size: z.int().nullable().describe('leaves of it that stand; null: none'),
        endedAt: z.string(),
        reason: z.enum(LOG_END_REASONS),
      }),
    )
    .describe('logs of the state that have ended, the first first; the one after them is in use'),
});
