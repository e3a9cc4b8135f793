import { existsSync, writeFileSync } from 'node:fs';
import { Fault } from '@comity/fault';
import type { Command } from 'commander';
import { stateShow } from '../operations/state.ts';
import type { Session } from './session.ts';
import { table } from './table.ts';

export function addStateCommands(program: Command, session: () => Session): void {
  const state = program.command('state').description('this state: its charter, keys and card');

  state
    .command('show')
    .description('charter, classification scheme and keys')
    .action(async () => {
      const current = session();
      current.print(await current.call(stateShow, {}), (shown) =>
        [
          `${shown.code}  ${shown.name}`,
          `fingerprint  ${shown.fingerprint}`,
          `charter      version ${shown.charterVersion}, ${shown.threshold} of ${shown.rootKeys} root keys sign`,
          `scheme       ${shown.scheme.id}: ${shown.scheme.levels.map((level) => level.name).join(' < ')}`,
          '',
          table(
            ['key', 'thumbprint', 'valid until'],
            shown.keys.map((key) => [key.usage, key.kid.slice(0, 16), key.validUntil]),
          ),
        ].join('\n'),
      );
    });

  state
    .command('fingerprint')
    .description('the fingerprint to read out to another state before it adds you')
    .action(async () => {
      const current = session();
      const { code, name, fingerprint } = await current.call(stateShow, {});
      current.print({ code, fingerprint }, () => `${code} ${name}\n${fingerprint}`);
    });

  state
    .command('export')
    .description('writes the state card: public documents that another state needs to add you')
    .option('-o, --output <file>', 'where to write it', 'state.card')
    .action(async (options: { output: string }) => {
      const current = session();
      const { code, fingerprint, card } = await current.call(stateShow, {});
      const bytes = Buffer.from(card, 'base64');
      writeNew(options.output, bytes);
      current.print(
        { code, fingerprint, file: options.output, bytes: bytes.length },
        (done) => `${done.file}: card of ${done.code}, ${done.bytes} bytes\nfingerprint ${done.fingerprint}`,
      );
    });
}

/** Writes a file that must not exist yet; `-` is standard output, unless that is a terminal and the data binary. */
export function writeNew(path: string, bytes: Uint8Array): void {
  if (path === '-') {
    if (process.stdout.isTTY)
      throw new Fault('cli.usage', 'refusing to write binary data to a terminal; name a file with -o');
    process.stdout.write(bytes);
    return;
  }
  if (existsSync(path)) throw new Fault('cli.output-exists', `${path} exists already`, { fields: { path } });
  writeFileSync(path, bytes, { flag: 'wx' });
}
