import { AppError } from '../errors.js';
import { computed } from './computed.js';
import type { Engine } from './engine.js';
import type { Device } from './onnx-engine.js';

export interface EngineOptions {
  /** Threads inside one operator; 0 means one a core. Only the onnx engine can choose. */
  readonly threads?: number;
  /** Whether idle threads spin: right for training, wrong beside a server. */
  readonly spin?: boolean;
  /**
   * How maps lie in memory, for the onnx engine: `auto` (where it is not said) probes for the fastest that is right.
   * Blocks can't be asked for: those of a size that the processor does not have write beyond their memory.
   */
  readonly layout?: 'auto' | 'plain';
  /** What the onnx engine computes on; the processor where it is not said. */
  readonly device?: Device;
}
export type EngineName = Engine['name'];

/** Every engine, and how to get it. Packages load when asked for: none of them is needed for the others. */
const ENGINES: Readonly<Record<EngineName, (options: EngineOptions) => Promise<Engine>>> = {
  onnx: async ({ layout = 'auto', device = 'cpu', ...options }) => {
    const { OnnxEngine } = await import('./onnx-engine.js');
    const { chooseLayout } = await import('./choose-layout.js');
    if (device !== 'cpu') return computed(new OnnxEngine({ ...options, device }));
    return new OnnxEngine({ ...options, layout: layout === 'auto' ? (await chooseLayout()).layout : layout });
  },
  'tfjs-node': async () => {
    const optional = '@tensorflow/tfjs-node'; // not installed everywhere, so not known to the compiler
    await import(optional);
    return new (await import('./eager-engine.js')).EagerEngine('tfjs-node', 'tensorflow');
  },
  'tfjs-cpu': async () => {
    const { EagerEngine } = await import('./eager-engine.js');
    await (await import('./cpu-backend.js')).loadCpuBackend();
    return new EagerEngine('tfjs-cpu', 'cpu');
  },
};
export const ENGINE_NAMES = Object.keys(ENGINES) as EngineName[];

/** @throws AppError ENGINE_UNAVAILABLE with the reason, where the engine's package can't be loaded here */
export async function createEngine(name: EngineName, options: EngineOptions = {}): Promise<Engine> {
  try {
    return await ENGINES[name](options);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0]!.replace(/ imported from .*/, '') : String(cause);
    const engine = options.device && options.device !== 'cpu' ? `${name} on ${options.device}` : name;
    throw new AppError('ENGINE_UNAVAILABLE', { engine, why }, { cause });
  }
}
