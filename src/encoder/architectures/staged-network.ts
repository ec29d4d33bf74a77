import { concat, reshape, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { adaptiveAveragePool2d } from '../../tensor/operations.js';
import { type Block, pooledNetwork, type Scope } from '../block.js';
import type { StageOptions } from './stage-options.js';

export interface Stages {
  /** Of each stage's map. */
  readonly channels: readonly number[];
  /** Height and width of the pictures. */
  readonly sides: readonly [number, number];
  /** `readout` may be more stages than there are. */
  readonly options: Pick<StageOptions, 'fold' | 'pool' | 'readout'>;
  /** The map of each stage `[N, C, h, w]`, the last one the smallest. */
  maps(scope: Scope, x: Tensor): readonly Tensor[];
}

type Staged = Pick<Block, 'width' | 'forward' | 'dense' | 'mapChannels' | 'readout'>;

/**
 * A network that halves its map stage by stage. The head learns on the last map; embeddings are made from the maps of
 * several stages, averaged to the places of the last and laid behind it, since what an earlier stage sees goes over better
 * to pictures that the network has not learnt from. Hariharan et al. 2015, "Hypercolumns for Object Segmentation and
 * Fine-grained Localization", arXiv:1411.5752.
 */
export function stagedNetwork({ channels, sides, options, maps }: Stages): Staged {
  const pool = pooledSides(sides, channels.length, options);
  const read = channels.slice(-options.readout);
  const [last, all] = [channels.at(-1)!, read.reduce((sum, each) => sum + each, 0)];
  const pooled = (width: number) => (map: Tensor) => reshape(adaptiveAveragePool2d(map, pool), [-1, width]);
  const widthOf = (each: number): number => each * pool[0] * pool[1];
  const network = {
    width: widthOf(last),
    ...pooledNetwork(last, (scope, x) => maps(scope, x).at(-1)!, pooled(widthOf(last))),
  };
  if (read.length === 1) return network;
  const wide = pooledNetwork(all, (scope, x) => hypercolumns(maps(scope, x).slice(-read.length)), pooled(widthOf(all)));
  return { ...network, readout: { width: widthOf(all), features: wide.dense } };
}

/** `[N, C, h, w]` of the last map's places: its own channels first, then those of the stage before it. */
function hypercolumns(maps: readonly Tensor[]): Tensor {
  const [, , height, width] = maps.at(-1)!.shape as [number, number, number, number];
  const there = maps.map((map, i) => (i === maps.length - 1 ? map : adaptiveAveragePool2d(map, [height, width])));
  return concat(there.reverse() as Tensor4D[], 1);
}

/**
 * Sides of the map that the last one is averaged to: at most `pool`, and no more than the last map has, whose side is
 * that of the picture over `fold`, halved before each stage but the first.
 */
function pooledSides(
  sides: readonly [number, number],
  stages: number,
  { fold, pool }: Pick<StageOptions, 'fold' | 'pool'>,
): [number, number] {
  const last = (side: number): number => {
    let left = Math.ceil(side / fold);
    for (let stage = 1; stage < stages; stage++) left = Math.ceil(left / 2);
    return Math.min(pool, left);
  };
  return [last(sides[0]), last(sides[1])];
}
