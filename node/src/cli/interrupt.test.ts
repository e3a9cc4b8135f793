import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';

const module = new URL('./interrupt.ts', import.meta.url).href;

/** A process that does what `act` says until Ctrl-C, and closes something then. */
function running(act: string) {
  const script = `
    import { interruptible } from ${JSON.stringify(module)};
    setInterval(() => {}, 1_000);
    try {
      await interruptible(async (signal) => {
        try { ${act} } finally { process.stdout.write('closed '); }
      });
      process.stdout.write('done');
      process.exit(0);
    } catch (error) {
      process.stdout.write('threw');
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (chunk.includes('at work')) child.kill('SIGINT');
  });
  return new Promise<{ signal: string | null; text: string }>((resolve) => {
    child.once('close', (_code, signal) => resolve({ signal, text }));
  });
}

test('Ctrl-C ends what is under way, lets it close, and then the process', async () => {
  const ended = await running(`
    process.stdout.write('at work ');
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));`);
  expect(ended).toEqual({ signal: 'SIGINT', text: 'at work closed ' });
});

test('without Ctrl-C nothing is different', async () => {
  expect(await running('')).toEqual({ signal: null, text: 'closed done' });
});
