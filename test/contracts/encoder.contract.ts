import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.js';
import { dot, norm } from '../../src/core/vectors.js';
import type { Encoder } from '../../src/encoder/encoder.js';

/** What every encoder promises. `open` opens the same model each time. */
export function encoderContract(name: string, open: () => Promise<Encoder>): void {
  const samplesOf = ({ sample }: Encoder, count: number): Uint8Array[] => {
    const random = new Random(3);
    const length = sample.shape.reduce((product, side) => product * side, 1);
    return Array.from({ length: count }, () => Uint8Array.from({ length }, () => random.int(256)));
  };
  const using = async (work: (encoder: Encoder) => Promise<void>): Promise<void> => {
    const encoder = await open();
    await work(encoder).finally(() => encoder.close());
  };

  describe(`${name} honours the Encoder contract`, () => {
    it('gives a vector of length 1 for each sample, in order', () =>
      using(async (encoder) => {
        const samples = samplesOf(encoder, 5);

        const vectors = await encoder.encode(samples);
        const swapped = await encoder.encode([samples[4]!, samples[0]!]);

        expect(vectors).toHaveLength(5);
        for (const vector of vectors) {
          expect(vector).toHaveLength(encoder.dimension);
          expect(norm(vector)).toBeCloseTo(1, 5);
        }
        expect(dot(swapped[0]!, vectors[4]!)).toBeCloseTo(1, 5);
        expect(dot(swapped[1]!, vectors[0]!)).toBeCloseTo(1, 5);
      }));

    it('gives a sample the same vector alone, in a small batch and in one larger than a run', () =>
      using(async (encoder) => {
        const samples = samplesOf(encoder, 150);

        const together = await encoder.encode(samples);

        for (const index of [0, 63, 64, 149]) {
          const [alone] = await encoder.encode([samples[index]!]);
          for (const [k, value] of alone!.entries()) expect(together[index]![k]).toBeCloseTo(value, 5);
        }
      }));

    it('tells different samples apart', () =>
      using(async (encoder) => {
        const [one, other] = await encoder.encode(samplesOf(encoder, 2));

        expect(dot(one!, other!)).toBeLessThan(0.99999);
      }));

    it('gives vectors of their own memory', () =>
      using(async (encoder) => {
        const [one, other] = await encoder.encode(samplesOf(encoder, 2));
        const before = other!.slice();

        one!.fill(7);

        expect(other).toEqual(before);
      }));

    it('answers callers that ask at the same time', () =>
      using(async (encoder) => {
        const samples = samplesOf(encoder, 6);
        const expected = await encoder.encode(samples);

        const answers = await Promise.all(samples.map((sample) => encoder.encode([sample])));

        answers.forEach(([vector], index) => {
          expect(dot(vector!, expected[index]!)).toBeCloseTo(1, 5);
        });
      }));

    it('answers nothing for nothing', () =>
      using(async (encoder) => {
        expect(await encoder.encode([])).toEqual([]);
      }));

    it('refuses a sample of another length, and says both', () =>
      using(async (encoder) => {
        const [sample] = samplesOf(encoder, 1);

        await expect(encoder.encode([sample!.subarray(1)])).rejects.toMatchObject({
          code: 'SAMPLE_INVALID',
          message: `A prepared sample has ${sample!.length - 1} bytes, expected ${sample!.length}.`,
        });
      }));

    it('gives the same vectors once it is opened again', async () => {
      const vectors: Float32Array[] = [];
      for (let round = 0; round < 2; round++)
        await using(async (encoder) => {
          vectors.push((await encoder.encode(samplesOf(encoder, 1)))[0]!);
        });

      expect(vectors[1]).toEqual(vectors[0]);
    });

    it('gives maps that do not change with their company, if it has any', () =>
      using(async (encoder) => {
        if (!encoder.encodeMaps) return;
        const samples = samplesOf(encoder, 70);

        const together = await encoder.encodeMaps(samples);

        expect(together).toHaveLength(70);
        for (const index of [0, 69]) {
          const [alone] = await encoder.encodeMaps([samples[index]!]);
          expect(alone!.cells).toHaveLength(alone!.height * alone!.width * alone!.channels);
          for (const [k, value] of alone!.cells.entries()) expect(together[index]!.cells[k]).toBeCloseTo(value, 4);
        }
        await expect(encoder.encodeMaps([samples[0]!.subarray(1)])).rejects.toMatchObject({ code: 'SAMPLE_INVALID' });
      }));

    it('can be closed twice', async () => {
      const encoder = await open();

      await encoder.close();
      await encoder.close();
    });
  });
}
