import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EngineBench, engineAcceptance } from '@comity/store/acceptance';
import { describe, test } from 'vitest';
import type { Engine } from './engine.ts';
import { FaultyEngine } from './faulty-engine.ts';
import { GuardedEngine } from './guarded-engine.ts';
import { openLevelEngine } from './level-engine.ts';
import { MemoryEngine, MemoryMedium } from './memory-engine.ts';

type Around = (engine: Engine) => Engine;

async function levelBench(around: Around): Promise<EngineBench> {
  const home = await mkdtemp(join(tmpdir(), 'comity-engine-'));
  const location = join(home, 'db');
  let engine = around(await openLevelEngine(location, { create: true }));
  return {
    engine,
    reopen: async () => {
      await engine.close();
      engine = around(await openLevelEngine(location, { create: false }));
      return engine;
    },
    remove: () => rm(home, { recursive: true }),
  };
}

async function memoryBench(around: Around): Promise<EngineBench> {
  const medium = new MemoryMedium();
  let engine = around(new MemoryEngine(medium));
  return {
    engine,
    reopen: async () => {
      await engine.close();
      engine = around(new MemoryEngine(medium));
      return engine;
    },
    remove: async () => undefined,
  };
}

const plain: Around = (engine) => engine;
const guarded: Around = (engine) => new GuardedEngine(engine);
const faulty: Around = (engine) => new FaultyEngine(engine);

describe.each([
  ['LevelDB', () => levelBench(plain)],
  ['memory', () => memoryBench(plain)],
  ['LevelDB, guarded', () => levelBench(guarded)],
  ['memory, guarded', () => memoryBench(guarded)],
  ['memory, with a fault that never comes', () => memoryBench(faulty)],
])('%s', (_name, open) => {
  for (const { name, run } of engineAcceptance(open)) test(name, run);
});
