import { cpSync, existsSync } from 'node:fs';
import { foundPair } from './pair.ts';
import { NodeProcess } from './node-process.ts';
import { seed, transfer, profile } from './.dev-replicate.ts';
const N = Number(process.argv[3] ?? 20000);
if (process.argv[2] === 'seed') {
  const pair = await foundPair();
  console.log(pair.sender.home);
  const t = Date.now();
  await seed(pair, N, { scale: 1, note: () => {}, figures: undefined as never });
  console.log('seeded', Date.now() - t, 'ms');
  for (const n of [pair.sender, pair.recipient]) cpSync(n.home + '-kept', '/tmp/bdev/pair/' + n.home.slice(-3) + '-kept', { recursive: true });
  await pair[Symbol.asyncDispose]();
} else {
  const [sender, recipient] = ['xar', 'xbo'].map((c) => new NodeProcess('/tmp/bdev/pair/' + c)) as [NodeProcess, NodeProcess];
  for (const n of [sender, recipient]) if (!existsSync(n.home)) cpSync(n.home + '-kept', n.home, { recursive: true });
  const pair = { sender, recipient } as never;
  const reps = Number(process.argv[4] ?? 3);
  for (let i = 0; i < reps; i++) console.log(Math.round(await transfer(pair, N)), 'records/s');
  if (process.argv[2] === 'prof') { for (const f of await profile(pair, N)) if (f.value > 3) console.log(f.name.padEnd(34), f.value.toFixed(0)); }
}
