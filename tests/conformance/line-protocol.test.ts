import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { MAX_LINE_BYTES } from '@comity/conformance';
import { describe, expect, test, vi } from 'vitest';
import { COMITY } from '../federation/command-line.ts';
import { DriverFailure, DriverProcess, type Request } from './driver-process.ts';
import { pythonDriver } from './python.ts';
import { runVectors } from './run-vectors.ts';
import { driverLines, type VectorsOnDisk, vectorFiles } from './vector-files.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const runner = fileURLToPath(new URL('./run.ts', import.meta.url));
const OWN = `${COMITY.map((word) => `"${word}"`).join(' ')} conformance`;

// Both drivers are bound by conformance.md §1 alike.
describe.each([
  ['comity conformance', () => OWN],
  ['driver.py', pythonDriver],
])('%s', (_name, command) => {
  test('answers each line in order, and ends with its input', async () => {
    const { answers, exitCode } = await converse(command(), [
      '{"id":1,"op":"cbor.decode","in":{"hex":"a20102190100f5"}}',
      '{"id":"two","op":"cbor.decode","in":{"hex":"a1"}}',
      '{"id":0,"op":"cbor.decode","in":{"hex":"00"}}',
    ]);
    expect(answers).toEqual([
      { id: 1, ok: true, out: { reencoded: 'a20102190100f5' } },
      { id: 'two', ok: false, code: 'cbor.truncated' },
      { id: 0, ok: true, out: { reencoded: '00' } },
    ]);
    expect(exitCode).toBe(0);
  });

  test('answers what is no line of the protocol with conformance.bad-line, and goes on', async () => {
    const lines = [
      'x',
      '[1]',
      '',
      '{"id":1,"op":"cbor.decode"}',
      '{"id":1,"op":"cbor.decode","in":["00"]}',
      '{"op":"cbor.decode","in":{"hex":"00"}}',
      '{"id":1,"op":"cbor.decode","in":{"hex":"00"},"more":1}',
      '{"id":1,"op":3,"in":{}}',
      // Deeper than a parser that recurses can follow.
      `{"id":1,"op":"cbor.decode","in":{"hex":${'['.repeat(200_000)}`,
    ];
    const after = '{"id":9,"op":"cbor.decode","in":{"hex":"01"}}';
    const { answers } = await converse(
      command(),
      lines.flatMap((line) => [line, after]),
    );
    expect(answers).toEqual(
      lines.flatMap(() => [
        expect.objectContaining({ ok: false, code: 'conformance.bad-line' }),
        { id: 9, ok: true, out: { reencoded: '01' } },
      ]),
    );
  });

  test('answers each line of vectors/lines.json as it says there', async () => {
    const lines = driverLines();
    expect(lines.length).toBeGreaterThan(100);
    const { answers } = await converse(
      command(),
      lines.map(({ line }) => line),
    );
    const other = lines.filter(({ answer }, index) => !isDeepStrictEqual(answers[index], answer));
    expect(other.map(({ comment }) => comment)).toEqual([]);
    expect(answers).toHaveLength(lines.length);
  });

  test('refuses a line that is not UTF-8', async () => {
    const line = (hex: string): Buffer =>
      Buffer.concat([Buffer.from('{"id":"'), Buffer.from(hex, 'hex'), Buffer.from('","op":"x","in":{}}')]);
    const after = '{"id":1,"op":"cbor.decode","in":{"hex":"01"}}';
    const wrong = ['ff', 'c080', 'eda080', 'f4908080', 'e282'];
    const { answers } = await converse(
      command(),
      wrong.flatMap((hex) => [line(hex), after]),
    );
    expect(answers).toEqual(
      wrong.flatMap(() => [
        { id: null, ok: false, code: 'conformance.bad-line' },
        { id: 1, ok: true, out: { reencoded: '01' } },
      ]),
    );
  });

  test('tells an operation that it does not have from an input of another form', async () => {
    const requests: readonly [string, Request][] = [
      ['conformance.unknown-operation', { op: 'cbor.undo', in: {} }],
      ['conformance.unknown-operation', { op: 'toString', in: {} }],
      ['conformance.unknown-operation', { op: '__proto__', in: {} }],
      ['conformance.bad-input', { op: 'cbor.decode', in: {} }],
      ['conformance.bad-input', { op: 'cbor.decode', in: { hex: 'A1' } }],
      ['conformance.bad-input', { op: 'cbor.decode', in: { hex: '0' } }],
      ['conformance.bad-input', { op: 'cbor.decode', in: { hex: 7 } }],
      ['conformance.bad-input', { op: 'cbor.decode', in: { hex: '00', more: 1 } }],
      ['conformance.bad-input', { op: 'cbor.decode', in: { hex: '00', limits: { depth: 1, width: 2 } } }],
      ['conformance.bad-input', { op: 'cbor.decode', in: { hex: '00', limits: null } }],
    ];
    const driver = new DriverProcess(command());
    for (const [code, request] of requests) {
      expect(await driver.ask(request), JSON.stringify(request)).toEqual({ ok: false, code });
    }
    await driver.close();
  });

  test('ends without a complaint when nobody reads its answers', async () => {
    const line = '{"id":1,"op":"cbor.decode","in":{"hex":"00"}}';
    const shell = spawn(
      'bash',
      ['-c', `yes '${line}' 2>&- | { ${command()}; echo "ended $?" >&2; } | head -1`],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let complaint = '';
    shell.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    await once(shell, 'close');
    expect(complaint).toBe('ended 0\n');
  });

  test('refuses a line beyond the longest without keeping it, and takes the next', async () => {
    const long = `{"id":1,"op":"cbor.decode","in":{"hex":"${'00'.repeat(MAX_LINE_BYTES / 2)}"}}`;
    const { answers } = await converse(command(), [long, '{"id":2,"op":"cbor.decode","in":{"hex":"02"}}']);
    expect(answers).toEqual([
      { id: null, ok: false, code: 'conformance.bad-line' },
      { id: 2, ok: true, out: { reencoded: '02' } },
    ]);
  });
});

describe('a run of the vectors', () => {
  const files = vectorFiles();

  test('passes in the driver of this program, as a process', async () => {
    const driver = new DriverProcess(OWN);
    const outcomes = await runVectors(driver, files);
    await driver.close();
    expect(outcomes.filter(({ result }) => result !== 'pass').map(({ vector }) => vector.comment)).toEqual(
      [],
    );
  });

  test('tells a driver that accepts everything, and one with other codes, from one that conforms', async () => {
    const file: VectorsOnDisk = {
      path: 'vectors/planted/invalid/one.json',
      topic: 'planted',
      valid: false,
      op: 'cbor.decode',
      vectors: [{ comment: 'planted', in: { hex: 'ff' }, code: 'cbor.indefinite-length', clause: '3.1' }],
    };
    const resultOf = async (answer: object): Promise<string | undefined> => {
      const outcomes = await runVectors({ ask: async () => answer as never }, [file]);
      return outcomes[0]?.result;
    };
    expect(await resultOf({ ok: true, out: {} })).toBe('fail');
    expect(await resultOf({ ok: false, code: 'cbor.reserved' })).toBe('other-code');
    expect(await resultOf({ ok: false, code: 'cbor.indefinite-length' })).toBe('pass');
    const valid: VectorsOnDisk = {
      ...file,
      valid: true,
      vectors: [{ comment: 'planted', in: {}, out: { a: 1 } }],
    };
    const outcomes = await runVectors({ ask: async () => ({ ok: true, out: { a: 2 } }) }, [valid]);
    expect(outcomes[0]?.result).toBe('fail');
  });

  test('says so and ends when a driver is none, as a command', async () => {
    const run = (driver: string): Promise<{ code: number | null; said: string }> =>
      new Promise((resolve) => {
        const child = spawn(
          process.execPath,
          ['--conditions=source', runner, '--topic=cbor', `--driver=${driver}`],
          { stdio: ['ignore', 'ignore', 'pipe'] },
        );
        let said = '';
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          said += text;
        });
        child.on('close', (code) => resolve({ code, said }));
      });
    // It answers each line with the line itself, and does not end.
    const echo = await run('cat; sleep 600');
    expect(echo.code).toBe(1);
    expect(echo.said).toMatch(/without verdict/);
    expect(await run('true')).toMatchObject({ code: 1, said: expect.stringContaining('exit code 0') });
  });

  test('explains itself, and says what it does not understand', async () => {
    const run = (...given: string[]): { status: number | null; stdout: string; stderr: string } =>
      spawnSync(process.execPath, ['--conditions=source', runner, ...given], { encoding: 'utf8' });
    expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--driver COMMAND') });
    const wrong = run('--drvier=x');
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toMatch(/drvier[\s\S]*--driver COMMAND/);
    expect(wrong.stderr).not.toContain('    at ');
    expect(run('--topic=nothing')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('There are: approval, cbor'),
    });
  });

  test.each([
    ['dies', 'exit 3', /exit code 3/],
    ['does not exist', 'comity-no-such-driver', /exit code 127/],
    ['answers no JSON', 'while read -r line; do echo no; done', /no JSON/],
    [
      'answers another question',
      `while read -r line; do echo '{"id":-1,"ok":true,"out":1}'; done`,
      /another question/,
    ],
    ['gives no verdict', `while read -r line; do echo '{"id":1}'; done`, /without verdict/],
  ])('ends with what is wrong when the driver %s', async (_what, command, expected) => {
    const driver = new DriverProcess(command);
    const failure = await driver
      .ask({ op: 'cbor.decode', in: { hex: '00' } })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DriverFailure);
    expect((failure as DriverFailure).message).toMatch(expected);
    await driver.close();
  });
});

interface Conversation {
  readonly answers: readonly unknown[];
  readonly exitCode: number | null;
}

async function converse(command: string, lines: readonly (string | Buffer)[]): Promise<Conversation> {
  const child = spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  // A driver that ends early shows in what it said.
  child.stdin.on('error', () => {});
  child.stdin.end(Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')])));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  const answers = said.split('\n').filter((line) => line !== '');
  return { answers: answers.map((line) => JSON.parse(line)), exitCode };
}
