import { fromHex } from '@comity/digest';
import type { Command } from 'commander';
import type { OfficerKey } from '../keys/officer-key.ts';
import { CLAIM } from '../officers/authorship.ts';
import { recordClaim } from '../operations/record.ts';
import type { Session } from './session.ts';
import { AS_HELP, actBy, actingKey, KEY_HELP } from './signed-act.ts';

/** Signs for each of some records of this state that an officer wrote it. */
export async function claim(
  current: Session,
  key: OfficerKey,
  records: readonly { readonly id: string }[],
): Promise<void> {
  for (const { id } of records)
    await current.call(recordClaim, { record: id, act: await actBy(key, CLAIM, fromHex(id)) });
}

export function addClaimCommand(record: Command, session: () => Session): void {
  record
    .command('claim')
    .description('signs that an officer wrote a record of this state; he cannot approve its release then')
    .argument('<record...>', 'records by their whole ids')
    .option('--as <officer>', AS_HELP)
    .requiredOption('--key <file>', KEY_HELP)
    .addHelpText(
      'after',
      `
Where nobody has signed that he wrote a record, anybody may have, one of those who approve its release as well: then one officer
more has to approve than the rule says. 'comity record issue --key FILE' signs it at once.

Example:
  comity --home a record claim 5c1fa0… --key /media/anna/officer.key`,
    )
    .action(async (ids: string[], options: { as?: string; key: string }) => {
      const current = session();
      const key = actingKey(options) as OfficerKey;
      await claim(
        current,
        key,
        ids.map((id) => ({ id })),
      );
      current.print({ records: ids, author: key.officer }, ({ records, author }) =>
        records.map((id) => `${id.slice(0, 12)} is by ${author}, who has signed it`).join('\n'),
      );
    });
}
