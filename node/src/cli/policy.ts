import { styleText } from 'node:util';
import { Fault } from '@comity/fault';
import type { Command } from 'commander';
import type { z } from 'zod';
import { parseHumanDocument, readTextFile } from '../config/yaml-document.ts';
import {
  type AppliedPolicy,
  policyApply,
  policyCheck,
  policyExplain,
  policyList,
  policyShow,
} from '../operations/policy.ts';
import type { PartOutcome } from '../operations/shapes.ts';
import { confirm } from './ask.ts';
import { counted } from './counted.ts';
import { withDraft } from './draft-file.ts';
import { addDiffCommand, diffText, diffWith, MAX_POLICY_BYTES } from './policy-diff.ts';
import { foldElements } from './release.ts';
import type { Session } from './session.ts';
import { table } from './table.ts';

export function addPolicyCommands(program: Command, session: () => Session): void {
  const policy = program.command('policy').description("the state's own disclosure policy");

  policy
    .command('check')
    .description('checks a policy file; errors and warnings name line and column, nothing is applied')
    .argument('<file>')
    .addHelpText(
      'after',
      `
A warning says what is allowed and probably not meant: a rule that another forbids or makes idle, a group that nobody is in any
more, a part that no such record has, more officers than there are. It changes nothing about the exit code.`,
    )
    .action(async (file: string) => {
      const current = session();
      const text = readTextFile(file, MAX_POLICY_BYTES);
      await withDraft(parseHumanDocument(text, file), async () =>
        current.print(await current.call(policyCheck, { text }), ({ rules, digest, warnings }) =>
          [
            ...warningLines(file, warnings),
            `${file} is valid: ${counted(rules, 'rule')}, digest ${digest.slice(0, 16)}`,
          ].join('\n'),
        ),
      );
    });

  policy
    .command('show')
    .description('the policy in force, or one that was')
    .argument('[version]', 'its number, as in policy list')
    .action(async (version: string | undefined) => {
      const current = session();
      const args = version === undefined ? {} : { version: versionFrom(version, 'version') };
      current.print(await current.call(policyShow, args), (shown) =>
        shown.policy === null
          ? 'no policy is in force: nothing is released to anybody'
          : `# ${versionText(shown.policy)}\n${shown.text ?? ''}`,
      );
    });

  policy
    .command('list')
    .description('the policies that were applied, the newest first: by whom, when, and signed with which key')
    .option('--limit <n>', 'at most so many', '50')
    .option('--before <n>', 'only versions below this one')
    .action(async (options: { limit: string; before?: string }) => {
      const current = session();
      const { limit, before } = options;
      const args = {
        limit: versionFrom(limit, '--limit'),
        ...(before !== undefined && { before: versionFrom(before, '--before') }),
      };
      current.print(await current.call(policyList, args), versionTable);
    });

  addDiffCommand(policy, session);

  policy
    .command('apply')
    .description('puts a policy in force as a whole and releases what it newly allows')
    .argument('<file>')
    .option('--yes', 'do not ask', false)
    .action(async (file: string, options: { yes: boolean }) => {
      const current = session();
      const text = readTextFile(file, MAX_POLICY_BYTES);
      await withDraft(parseHumanDocument(text, file), async () => {
        const checked = await current.call(policyCheck, { text });
        for (const line of warningLines(file, checked.warnings)) current.note(line);
        current.note(diffText(await diffWith(current, { text })));
        await confirm(
          `Put ${counted(checked.rules, 'rule')} in force? What they newly allow is released at once.`,
          options.yes,
        );
        current.print(await current.call(policyApply, { text }), (done) =>
          [
            `policy version ${done.policy.version} is in force (${counted(done.policy.rules, 'rule')})`,
            ...done.released
              .filter((each) => each.entries > 0)
              .map((each) => `released ${counted(each.entries, 'entry', 'entries')} to ${each.peer}`),
          ].join('\n'),
        );
      });
    });

  policy
    .command('explain')
    .description('why a peer would or would not receive each part of a record')
    .argument('<record>', 'record id, or its first characters')
    .argument('<peer>', 'code of the peer')
    .option('--mode <mode>', 'push, query or relay (default: push for own records, relay for others)')
    .option('--purpose <purpose>', 'purpose of the hand-over')
    .option('--part <path>', 'only this part, with its full trace')
    .action(
      async (record: string, peer: string, options: { mode?: string; purpose?: string; part?: string }) => {
        const current = session();
        const result = await current.call(policyExplain, {
          record,
          peer,
          ...(options.mode !== undefined && { mode: options.mode as 'push' }),
          ...(options.purpose !== undefined && { purpose: options.purpose }),
          ...(options.part !== undefined && { part: options.part }),
        });
        current.print(result, (shown) => {
          const head = `${shown.record.slice(0, 12)} to ${shown.peer}, ${shown.mode} for ${shown.purpose}: ${shown.outcome}`;
          if (options.part !== undefined) {
            return [
              head,
              ...shown.parts.map(
                (part) =>
                  `\n${part.path}  ${part.outcome} (${whyText(part)})  ${part.label}\n${table(
                    ['step', 'result', 'why'],
                    part.trace.map((step) => [step.step, step.result, step.why]),
                  )}`,
              ),
            ].join('\n');
          }
          return [
            head,
            '',
            table(
              ['part', 'outcome', 'because', 'label'],
              foldElements(shown.parts.map((part) => [part.path, part.outcome, whyText(part), part.label])),
              (text) => styleText('bold', text, { stream: process.stdout }),
            ),
            '',
            'The full trace of one part: --part PATH',
          ].join('\n');
        });
      },
    );
}

function warningLines(
  file: string,
  warnings: z.output<typeof policyCheck.result>['warnings'],
): readonly string[] {
  return warnings.map(
    ({ line, column, path, message }) => `${file}:${line}:${column}: warning: ${path}: ${message}`,
  );
}

/** @throws Fault cli.usage */
function versionFrom(text: string, argument: string): number {
  if (/^[1-9][0-9]{0,14}$/.test(text)) return Number(text);
  throw new Fault('cli.usage', `expected ${argument} as a whole number from 1 on`, { fields: { argument } });
}

function versionText({ version, appliedAt, digest, inForce, replacedAt, signature }: AppliedPolicy): string {
  return [
    `version ${version}, applied ${appliedAt}, digest ${digest}`,
    ...(inForce ? [] : [`replaced ${replacedAt ?? 'by nothing, and NOT IN FORCE'}`]),
    ...(signature === 'valid' ? [] : [`its signature does not count: ${signature}`]),
  ].join(', ');
}

function versionTable({ versions, next }: z.output<typeof policyList.result>): string {
  if (versions.length === 0) return 'no policy was applied';
  const shown = table(
    ['version', 'applied', 'by', 'rules', 'digest', 'signed with', 'signature', 'until'],
    versions.map((each) => [
      String(each.version),
      each.appliedAt,
      each.appliedBy,
      String(each.rules),
      each.digest.slice(0, 16),
      each.key?.slice(0, 16) ?? '-',
      each.signature,
      each.inForce ? 'in force' : (each.replacedAt ?? 'not in force'),
    ]),
    (text) => styleText('bold', text, { stream: process.stdout }),
  );
  return next === null ? shown : `${shown}\nmore: --before ${next}`;
}

/** What decided about a part: the rule that releases it, else why not, with the rule, and until when. */
function whyText({ outcome, reason, rule, from, missing }: PartOutcome): string {
  if (outcome === 'release' && rule !== null) return rule;
  return [
    rule === null ? reason : `${reason}, ${rule}`,
    ...(missing === undefined ? [] : [`${missing.have} of ${missing.persons} ${missing.role}`]),
    ...(from === undefined ? [] : [`until ${from}`]),
  ].join('; ');
}
