import { POSITION_TEXT, parsePosition, type QuestionFilter } from '@comity/query';
import { z } from 'zod';

/** What a question may ask for; every condition given must hold. It is judged on what the asking state may see, on nothing else. */
export const filterSchema = z.strictObject({
  types: z.array(z.string().min(1).max(64)).max(16).optional(),
  sectors: z.array(z.string().min(1).max(64)).max(32).optional(),
  indicator: z
    .string()
    .min(1)
    .max(2_048)
    .optional()
    .describe('records with an indicator of exactly this value'),
  text: z.string().min(1).max(256).optional(),
  sinceSeconds: z.int().min(0).optional(),
  before: z
    .string()
    .regex(POSITION_TEXT, 'expected the position that an earlier answer ended with')
    .optional()
    .describe('`next` of an earlier answer: records that come after it, answers being newest first'),
});

/** What people and programs give, as a filter. @throws Fault query.malformed */
export function filterFrom({ before, ...conditions }: z.output<typeof filterSchema>): QuestionFilter {
  return before === undefined ? conditions : { ...conditions, before: parsePosition(before) };
}
