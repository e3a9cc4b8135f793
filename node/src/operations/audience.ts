import { z } from 'zod';
import { operation } from '../control/operation.ts';
import { audienceOf } from '../release/audience.ts';
import type { Sovereign } from '../sovereign.ts';
import { orderStatus } from './orders.ts';
import { idPrefix, partOutcome, recordId, recordSummary, stateCode, timestamp } from './shapes.ts';

const handOver = z.object({
  since: timestamp,
  entry: z.int().describe('of the release ledger'),
  receipted: z.boolean().describe('whether a receipt of the peer covers that entry'),
  erasedAt: timestamp
    .nullable()
    .describe('when the peer reported that it has erased it; null where it has not'),
});

export const audienceResult = z.object({
  id: recordId,
  record: recordSummary.nullable().describe('null where it was erased here'),
  erased: z
    .object({
      at: timestamp.nullable().describe('null where it is not known any more'),
      by: z.string().nullable().describe('the state that recalled it; null where no order did'),
      reason: z.string(),
      order: z.string().nullable(),
    })
    .nullable(),
  sources: z
    .array(
      z.object({
        peer: z.string().nullable().describe('code of the peer as known here, or its id; null: issued here'),
        at: timestamp,
        entry: z.int().nullable().describe('of the ledger of that peer'),
      }),
    )
    .describe('where this node has it from'),
  peers: z.array(
    z.object({
      peer: stateCode,
      gaveIt: z
        .boolean()
        .describe('this node has some of it from that peer, and hands it none of that unasked'),
      entries: z.array(
        z.object({
          index: z.int(),
          at: timestamp,
          mode: z.string(),
          purpose: z.string(),
          parts: z.int(),
          receipted: z.boolean(),
          content: z.boolean().describe('false where the entry went out without its content'),
        }),
      ),
      parts: z.array(
        partOutcome.extend({
          handed: handOver
            .nullable()
            .describe(
              'when the part was handed over first; null where it was not. The outcome is that of now',
            ),
        }),
      ),
      byConsent: z
        .array(
          z.object({
            holder: z.string().describe('code of the state that may hand it on, or its id'),
            grant: recordId,
            parts: z.array(z.string()).nullable().describe('paths, or digests; null for all'),
            until: timestamp,
          }),
        )
        .describe('consents in force by which it may be handed the record by others'),
      noLongerHeld: z.int().describe('parts that it was handed and that this node does not hold'),
    }),
  ),
  orders: z.array(orderStatus).describe('what was taken back of it, and what each peer has done about that'),
  letters: z
    .array(
      z.object({
        letter: z.string().describe('SHA-256 of the letter as sealed'),
        peer: z.string(),
        officer: z.string(),
        at: timestamp,
        purpose: z.string(),
        parts: z.array(z.string()).describe('paths of the parts that it shows'),
        recalled: z.boolean(),
      }),
    )
    .describe('letters to officers of peers that show some of it'),
  readers: z
    .array(
      z.object({
        user: z.string().describe('officer of this state, or user of the system'),
        isProven: z.boolean().describe('whether an officer has signed that it is he who reads'),
        times: z.int(),
        firstAt: timestamp,
        lastAt: timestamp,
      }),
    )
    .describe('who was shown what is in it here, or took it away in a file'),
});

export const recordAudience = operation({
  name: 'record.audience',
  summary:
    'who has which parts of a record since when, who would get more or is refused, and who read it here',
  needs: 'home',
  args: z.strictObject({ id: idPrefix }),
  result: audienceResult,
  run: (sovereign: Sovereign, { id }) => audienceOf(sovereign, id),
});
