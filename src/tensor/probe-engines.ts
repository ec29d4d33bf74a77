import { add } from '@tensorflow/tfjs-core';
import { createEngine, ENGINE_NAMES, type EngineName } from './create-engine.js';

export interface EngineProbe {
  readonly name: EngineName;
  readonly works: boolean;
  /** What was tried, or why it does not work. */
  readonly why: string;
}

/** Tries every engine on a sum of two numbers. */
export async function probeEngines(): Promise<readonly EngineProbe[]> {
  return Promise.all(ENGINE_NAMES.map(probe));
}

async function probe(name: EngineName): Promise<EngineProbe> {
  try {
    const engine = await createEngine(name, { threads: 1 });
    const number = { shape: [1], dtype: 'float32' } as const;
    const compiled = await engine.compile(({ a, b }) => ({ sum: add(a!, b!) }), { a: number, b: number });
    const { sum } = await compiled.run({ a: Float32Array.of(2), b: Float32Array.of(3) });
    await compiled.dispose();
    if (sum?.[0] === 5) return { name, works: true, why: 'it computed a sum' };
    return { name, works: false, why: `it says that 2 + 3 is ${sum?.[0]}` };
  } catch (cause) {
    return { name, works: false, why: cause instanceof Error ? cause.message : String(cause) };
  }
}
