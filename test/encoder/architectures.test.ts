import { describe, expect, it } from 'vitest';
import { ARCHITECTURE_NAMES, ARCHITECTURES, type ArchitectureName } from '../../src/encoder/architectures/index.js';
import { readoutOf } from '../../src/encoder/block.js';
import { parameterLayout } from '../../src/encoder/parameter-layout.js';
import { architectureContract } from '../contracts/architecture.contract.js';

/** The least of each, so that the suite is quick. */
const SMALL: Readonly<Record<ArchitectureName, object>> = {
  residual: { width: 0.25 },
  'residual-small': { width: 0.5, readout: 1 },
  'residual-large': { stages: [16, 24] },
  convolutional: { width: 0.25, depth: 1, pool: 3 },
  depthwise: { stages: [8, 16], blocks: 1, kernel: 3, expansion: 2 },
  transformer: { dimension: 16, depth: 1, heads: 2, expansion: 2 },
};

for (const name of ARCHITECTURE_NAMES)
  architectureContract(name, (shape) => ARCHITECTURES[name].build(SMALL[name], shape));

describe('the residual network', () => {
  it('has 512 features for a head and about 308,000 parameters for 28 × 28 grey pixels', () => {
    const network = ARCHITECTURES.residual.build({}, [1, 28, 28]);

    expect(network.width).toBe(512);
    expect(parameterLayout(network.parameters).length).toBeGreaterThan(300_000);
    expect(parameterLayout(network.parameters).length).toBeLessThan(310_000);
  });

  it('grows with its options', () => {
    const size = (options: object) =>
      parameterLayout(ARCHITECTURES.residual.build(options, [3, 48, 48]).parameters).length;

    expect(size({ width: 1.5 })).toBeGreaterThan(2 * size({}));
    expect(size({ blocks: 2 })).toBeGreaterThan(1.5 * size({}));
    expect(ARCHITECTURES.residual.build({ pool: 1 }, [3, 48, 48]).width).toBe(128);
  });

  it('makes embeddings from as many stages as it is told to, of those that there are', () => {
    const width = (options: object) => readoutOf(ARCHITECTURES.residual.build(options, [3, 48, 48])).width;

    expect(width({})).toBe(4 * (128 + 64 + 32));
    expect(width({ readout: 2 })).toBe(4 * (128 + 64));
    expect(width({ readout: 1, pool: 3 })).toBe(9 * 128);
    expect(width({ readout: 6, pool: 1 })).toBe(128 + 64 + 32);
  });

  it('does not pool to more than the last map holds', () => {
    expect(ARCHITECTURES.residual.build({ pool: 4 }, [1, 8, 8]).width).toBe(128);
  });

  it.each([[[1, 7, 8]], [[1, 8, 513]], [[28, 28]]])('refuses %j', (shape) => {
    expect(() => ARCHITECTURES.residual.build({}, shape)).toThrow(/8 to 512/);
  });
});

describe('the three sizes of the residual network', () => {
  it('are three sizes', () => {
    const size = (name: ArchitectureName) =>
      parameterLayout(ARCHITECTURES[name].build({}, [3, 48, 48]).parameters).length;

    expect(size('residual')).toBeGreaterThan(3 * size('residual-small'));
    expect(size('residual-large')).toBeGreaterThan(3 * size('residual'));
  });
});

describe('the transformer', () => {
  it('refuses pictures of too many patches, and heads that share unevenly', () => {
    expect(() => ARCHITECTURES.transformer.build({}, [3, 256, 256])).toThrow(/larger patch/);
    expect(() => ARCHITECTURES.transformer.build({ dimension: 20, heads: 3 }, [3, 32, 32])).toThrow(/do not divide/);
  });
});
