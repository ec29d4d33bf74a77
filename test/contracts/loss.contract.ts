import { grad, type Tensor2D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { createEngine } from '../../src/tensor/create-engine.js';
import type { Loss } from '../../src/training/losses/loss.js';

/** Value and gradient of a loss for `[rows, width]` projections, run eagerly. */
export async function evaluateLoss(
  loss: Loss,
  projections: Float32Array,
  width: number,
): Promise<{ value: number; gradient: Float32Array }> {
  const engine = await createEngine('tfjs-cpu');
  const compiled = await engine.compile(
    ({ z }) => ({ value: loss(z as Tensor2D), gradient: grad((x) => loss(x as Tensor2D))(z!) }),
    { z: { shape: [projections.length / width, width], dtype: 'float32' } },
  );
  const { value, gradient } = await compiled.run({ z: projections });
  return { value: value![0]!, gradient: gradient as Float32Array };
}

/** What every loss over two views promises. */
export function lossContract(name: string, loss: Loss): void {
  const random = new Random(11);
  const rows = (count: number, width: number) => Float32Array.from({ length: count * width }, () => random.normal());

  describe(`${name} honours the Loss contract`, () => {
    it('has the gradient that central differences have', async () => {
      const z = rows(6, 4);
      const { gradient } = await evaluateLoss(loss, z, 4);

      const step = 1e-2;
      for (const index of [0, 5, 11, 17, 23]) {
        const at = async (change: number) => {
          const moved = z.slice();
          moved[index]! += change;
          return (await evaluateLoss(loss, moved, 4)).value;
        };
        const difference = ((await at(step)) - (await at(-step))) / (2 * step);
        expect(gradient[index]).toBeCloseTo(difference, 2);
      }
    });

    it('is lower where the two views of a sample agree', async () => {
      const one = rows(5, 6);
      const agreeing = Float32Array.of(...one, ...one);
      const strangers = Float32Array.of(...one, ...rows(5, 6));

      expect((await evaluateLoss(loss, agreeing, 6)).value).toBeLessThan(
        (await evaluateLoss(loss, strangers, 6)).value,
      );
    });

    it('does not care in which order the samples come', async () => {
      const [a, b, c, d] = [rows(1, 3), rows(1, 3), rows(1, 3), rows(1, 3)];

      const { value } = await evaluateLoss(loss, Float32Array.of(...a, ...b, ...c, ...d), 3);
      const swapped = await evaluateLoss(loss, Float32Array.of(...b, ...a, ...d, ...c), 3);

      expect(swapped.value).toBeCloseTo(value, 5);
    });

    it('stays finite for rows of zeros and for huge rows', async () => {
      for (const z of [new Float32Array(12), rows(4, 3).map((value) => value * 1e6)]) {
        const { value, gradient } = await evaluateLoss(loss, z, 3);
        expect(Number.isFinite(value)).toBe(true);
        expect(gradient.every(Number.isFinite)).toBe(true);
      }
    });
  });
}
