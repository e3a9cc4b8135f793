import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, quantile } from './bench.ts';
import { foundPair } from './pair.ts';
import { sampleDraft } from './sample-drafts.ts';

const ISSUES = 300;
/** The first ones run code that has never run. */
const WARM_UP = 20;
const PAUSE_MS = 5;

/** The short path: one record, one reader, nobody else in the way. */
export const latency: Bench = {
  name: 'latency',
  question:
    'How long after an officer issues a record can it be read at a connected peer, two processes over loopback?',
  async run({ scale }) {
    await using pair = await foundPair();
    const { sender, recipient } = pair;
    const elapsedMs: number[] = [];
    const issues = WARM_UP + Math.max(Math.round(ISSUES * scale), 1);
    for (let index = 0; index < issues; index += 1) {
      const arrived = new Promise<void>((resolve) => {
        const stop = recipient.follow(({ event }) => {
          if (event !== 'batch-accepted') return;
          stop();
          resolve();
        });
      });
      const sinceMs = performance.now();
      const { records } = (await sender.call('record.issue', { drafts: [sampleDraft(index)] })) as {
        readonly records: readonly { readonly id: string }[];
      };
      await arrived;
      await recipient.call('record.show', { id: records[0]?.id });
      if (index >= WARM_UP) elapsedMs.push(performance.now() - sinceMs);
      await pause(PAUSE_MS);
    }
    return [
      { name: 'median', value: quantile(elapsedMs, 0.5), unit: 'ms', target: 'below 25' },
      { name: '95 % within', value: quantile(elapsedMs, 0.95), unit: 'ms' },
      { name: '99 % within', value: quantile(elapsedMs, 0.99), unit: 'ms' },
    ];
  },
};
