import { add } from '@tensorflow/tfjs-core';
import type { Engine } from './engine.js';

/** The engine, once it has computed a sum of two numbers: a device that is not there shows only then. */
export async function computed(engine: Engine): Promise<Engine> {
  const number = { shape: [1], dtype: 'float32' } as const;
  const compiled = await engine.compile(({ a, b }) => ({ sum: add(a!, b!) }), { a: number, b: number });
  const { sum } = await compiled.run({ a: Float32Array.of(2), b: Float32Array.of(3) });
  await compiled.dispose();
  if (sum?.[0] !== 5) throw new Error(`It says that 2 + 3 is ${sum?.[0]}.`);
  return engine;
}
