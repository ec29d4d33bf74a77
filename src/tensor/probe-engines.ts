import { computed } from './computed.js';
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
    await computed(await createEngine(name, { threads: 1 }));
    return { name, works: true, why: 'it computed a sum' };
  } catch (cause) {
    return { name, works: false, why: cause instanceof Error ? cause.message : String(cause) };
  }
}
