import type { Command } from 'commander';
import {
  type ConsentResult,
  releaseAsk,
  releaseGrant,
  releaseRefuse,
  releaseRequests,
  releaseRevoke,
} from '../operations/consent.ts';
import { confirm } from './ask.ts';
import { grantedText, issuedText, requestTable, requestText, revokedText } from './consent-text.ts';
import { safeText } from './safe-text.ts';
import type { Session } from './session.ts';

/** A command ends so where the own label or policy keeps what was decided from those it is for. */
const REFUSED = 20;
/** And so where whoever holds a consent that is taken back cannot be told at once. */
const UNREACHABLE = 30;

export function addConsentCommands(release: Command, session: () => Session): void {
  addAsk(release, session);
  addRequests(release, session);
  addGrant(release, session);
  addRefuse(release, session);
  addRevoke(release, session);
}

function addAsk(release: Command, session: () => Session): void {
  release
    .command('ask')
    .description('asks the originator of a record whether it may be handed on to another state')
    .argument('<record>', 'record id, or its first characters')
    .requiredOption('--for <code>', 'the state that is to have it')
    .requiredOption('--purpose <id>', 'what that state is to use it for, such as incident-response')
    .requiredOption('--reason <text>', 'why, for those who decide')
    .option('--part <path...>', 'only these parts, with all that stands in them (default: all that are held)')
    .option('--reply-by <time>', 'when an answer is needed, such as 2026-03-01T00:00:00Z')
    .option('--language <tag>', 'language of the reason', 'en')
    .option('--yes', 'do not ask', false)
    .addHelpText(
      'after',
      `
Asking changes nothing. When the originator has granted it, this node hands the record on by itself, as far as its own policy
lets it (a rule with mode relay), and stops when the grant ends. The own policy has to let the request go (type release-request);
the answer comes without a rule.

Example:
  comity --home b release ask 5c1fa0 --for XCA --purpose incident-response --reason "The same malware was seen there."
  comity --home b release requests`,
    )
    .action(
      async (
        id: string,
        options: {
          for: string;
          purpose: string;
          reason: string;
          part?: string[];
          replyBy?: string;
          language: string;
          yes: boolean;
        },
      ) => {
        const current = session();
        await confirm(`Ask the originator to let ${options.for} have it?`, options.yes);
        const result = await current.call(releaseAsk, {
          id,
          to: options.for,
          purpose: options.purpose,
          reason: options.reason,
          language: options.language,
          ...(options.part !== undefined && { parts: options.part }),
          ...(options.replyBy !== undefined && { replyBy: options.replyBy }),
        });
        current.print(result, (done) =>
          [
            issuedText('asked', done),
            ...(done.onward.reason === null
              ? []
              : [
                  `warning: this node would hand nothing on to ${options.for} with the consent either (${safeText(done.onward.reason)})`,
                ]),
          ].join('\n'),
        );
        exitUntold(result);
      },
    );
}

function addRequests(release: Command, session: () => Session): void {
  release
    .command('requests')
    .description('requests for onward release, of this state and of others, and what was answered')
    .argument('[request]', 'id of one, or its first characters: shows it in full')
    .action(async (request: string | undefined) => {
      const current = session();
      const args = request === undefined ? {} : { request };
      current.print(await current.call(releaseRequests, args), ({ requests }) =>
        requests.length === 0
          ? 'no requests'
          : request === undefined
            ? requestTable(requests)
            : requests.map(requestText).join('\n'),
      );
    });
}

function addGrant(release: Command, session: () => Session): void {
  release
    .command('grant')
    .description('lets a state hand a record of this one on, as it has asked, until a time')
    .argument('<request>', 'id of the request, or its first characters')
    .requiredOption(
      '--until <time>',
      'end of the consent, such as 2026-03-01T00:00:00Z; at most 400 days from now',
    )
    .option(
      '--part <path...>',
      'only these of the parts asked for, with what of that stands in them (default: those that this node has released to who asks)',
    )
    .option('--conditions <text>', 'what both have to keep to')
    .option('--language <tag>', 'language of the conditions', 'en')
    .option('--yes', 'do not ask', false)
    .addHelpText(
      'after',
      `
The grant is a record of this state. It goes to the holder that asked, and with what is handed on to the third state, so that
both can show it. A second grant takes nothing from the first: comity release revoke does.

Example:
  comity --home a release requests
  comity --home a release grant 7d20be --until 2026-12-31T00:00:00Z --part title indicators --conditions "Not to be published"`,
    )
    .action(
      async (
        request: string,
        options: { until: string; part?: string[]; conditions?: string; language: string; yes: boolean },
      ) => {
        const current = session();
        await showRequest(current, request);
        await confirm(`Grant it until ${options.until}?`, options.yes);
        const result = await current.call(releaseGrant, {
          request,
          until: options.until,
          language: options.language,
          ...(options.part !== undefined && { parts: options.part }),
          ...(options.conditions !== undefined && { conditions: options.conditions }),
        });
        current.print(result, grantedText);
        exitUntold(result);
      },
    );
}

function addRefuse(release: Command, session: () => Session): void {
  release
    .command('refuse')
    .description('refuses a request for onward release, with a reason')
    .argument('<request>', 'id of the request, or its first characters')
    .requiredOption('--reason <text>', 'why, for those who asked')
    .option('--language <tag>', 'language of the reason', 'en')
    .option('--yes', 'do not ask', false)
    .action(async (request: string, options: { reason: string; language: string; yes: boolean }) => {
      const current = session();
      await showRequest(current, request);
      await confirm('Refuse it?', options.yes);
      const { reason, language } = options;
      const result = await current.call(releaseRefuse, { request, reason, language });
      current.print(result, (done) => issuedText('refused', done));
      exitUntold(result);
    });
}

function addRevoke(release: Command, session: () => Session): void {
  release
    .command('revoke')
    .description('takes back a consent to onward release: the holder serves the third state no longer')
    .argument('<grant>', 'id of the grant, or its first characters')
    .option('--reason <text>', 'why, for those who hold the grant')
    .option('--language <tag>', 'language of the reason', 'en')
    .option('--yes', 'do not ask', false)
    .addHelpText(
      'after',
      `
It goes to the holder at once: no limit, embargo or approval of the own policy holds it, and no rule has to permit it. It ends
with exit code 30 where the holder is not connected and is told later, and with 20 where a rule that forbids or the label keeps
it from the holder: until it is told, the holder may go on.

Example:
  comity --home a release revoke 5f01c2 --reason "The registry has asked us to wait"`,
    )
    .action(async (grant: string, options: { reason?: string; language: string; yes: boolean }) => {
      const current = session();
      await confirm(`Take back the consent ${grant}?`, options.yes);
      const { reason, language } = options;
      const args = { grant, language, ...(reason !== undefined && { reason }) };
      const result = await current.call(releaseRevoke, args);
      current.print(result, revokedText);
      if (result.notReached.length > 0) process.exitCode = UNREACHABLE;
      exitUntold(result);
    });
}

/** A script has to notice that the own policy keeps from a state what was decided about it. */
function exitUntold({ notTold }: ConsentResult): void {
  if (notTold.length > 0) process.exitCode = REFUSED;
}

/** What is decided about, in full, so that nothing is granted that was not shown. */
async function showRequest(current: Session, id: string): Promise<void> {
  const { requests } = await current.call(releaseRequests, { request: id });
  for (const request of requests) current.note(requestText(request));
}
