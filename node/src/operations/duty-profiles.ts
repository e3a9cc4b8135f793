import { deadlineProfiles } from '@comity/registry';
import { z } from 'zod';

/** What `duty profiles` prints: the registered deadline profiles (duties.md §2). Needs no node. */
export const dutyProfilesResult = z.object({
  profiles: z.array(
    z.looseObject({
      id: z.string(),
      title: z.string(),
      instrument: z.string().describe('the law'),
      jurisdiction: z.string(),
      whom: z.string(),
      state: z.enum(['in-force', 'pending']).describe('pending: not law, or not settled; it sets no clock'),
      from: z.string().optional().describe('first day of what is in force'),
      until: z.string().optional().describe('last day'),
      checked: z.enum(['read', 'secondary', 'to-be-checked']),
      sources: z.array(z.string()),
      stages: z.array(
        z.looseObject({
          id: z.string(),
          anchor: z.string().describe('what the law counts from'),
          amount: z.int().optional(),
          unit: z.string().optional(),
        }),
      ),
    }),
  ),
});

/** The deadline profiles of which the id, the jurisdiction or a country is this word, or the id begins with it. */
export function profilesMatching(word: string | undefined): z.infer<typeof dutyProfilesResult> {
  const profiles = deadlineProfiles.filter(
    ({ id, jurisdiction, countries = [] }) =>
      word === undefined || id.startsWith(word) || jurisdiction === word || countries.includes(word),
  );
  return dutyProfilesResult.parse({ profiles });
}
