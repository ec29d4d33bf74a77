import type { ParameterLayout } from '../../encoder/parameter-layout.js';
import type { Histories } from '../../recommend/behaviour/histories.js';
import type { Tower } from '../../recommend/behaviour/tower.js';
import type { CompiledFunction, Engine, Values } from '../../tensor/engine.js';
import type { ItemFeatures } from './item-features.js';
import { judgeTower, type TowerScores } from './judge-tower.js';
import { forEachEntry, type Pairs } from './pairs.js';
import type { TowerShape } from './tower-network.js';
import { towerExport, towerStates } from './tower-step.js';

/** Items whose vectors are made at once. */
const PART = 2_048;

export interface TowerProbeOptions {
  readonly shape: TowerShape;
  readonly layout: ParameterLayout;
  readonly histories: Histories;
  readonly heldBack: Pairs;
  /** The row of each item's id, [items], and what is given of it. */
  readonly idRows: Uint32Array;
  readonly features: ItemFeatures;
}

/** Makes a tower of the parameters as they stand, and judges it by the pairs that were held back. */
export class TowerProbe {
  private constructor(
    private readonly options: TowerProbeOptions,
    private readonly exporting: CompiledFunction,
    private readonly stating: CompiledFunction | undefined,
  ) {}

  static async open(engine: Engine, options: TowerProbeOptions): Promise<TowerProbe> {
    const { shape, layout, histories, heldBack } = options;
    const compile = ({ fn, inputs }: ReturnType<typeof towerExport>) => engine.compile(fn, inputs);
    const exporting = await compile(towerExport(shape, layout, Math.min(PART, histories.items)));
    const asked = heldBack.positions.length;
    const stating = asked > 0 ? await compile(towerStates(shape, layout, histories.items, asked)) : undefined;
    return new TowerProbe(options, exporting, stating);
  }

  async tower(parameters: Float32Array): Promise<Tower> {
    const { idRows, features } = this.options;
    const { dimension, positions, features: width } = this.options.shape;
    const count = idRows.length;
    const part = Math.min(PART, count);
    const items = new Float32Array(count * dimension);
    let last: Values = {};
    for (let from = 0; from < count; from += part) {
      const to = Math.min(count, from + part);
      const ids = new Int32Array(part); // what is left of the last part is made of nothing, and not looked at
      ids.set(idRows.subarray(from, to));
      const given = new Float32Array(part * width);
      for (let item = from; item < to; item++) features.write(item, given, (item - from) * width);
      last = await this.exporting.run({ parameters, ids, ...(width > 0 && { features: given }) });
      items.set((last.items as Float32Array).subarray(0, (to - from) * dimension), from * dimension);
    }
    return {
      dimension,
      positions,
      items,
      pools: last.pools as Float32Array,
      maps: last.maps as Float32Array,
    };
  }

  async judge(parameters: Float32Array): Promise<TowerScores> {
    const { shape, histories, heldBack } = this.options;
    const { items } = await this.tower(parameters);
    const states = await this.#states(parameters, items);
    return judgeTower(items, states, shape.dimension, histories, heldBack);
  }

  async dispose(): Promise<void> {
    await this.exporting.dispose();
    await this.stating?.dispose();
  }

  async #states(parameters: Float32Array, items: Float32Array): Promise<Float32Array> {
    const { shape, histories, heldBack } = this.options;
    if (!this.stating) return new Float32Array();
    const { positions } = shape;
    const entries = new Int32Array(heldBack.positions.length * positions);
    const weights = new Float32Array(entries.length);
    for (const pair of heldBack.positions.keys()) {
      forEachEntry(histories, heldBack, pair, positions, (step, item, weight) => {
        entries[pair * positions + step] = item;
        weights[pair * positions + step] = weight;
      });
    }
    const { states } = await this.stating.run({ parameters, items, entries, weights });
    return states as Float32Array;
  }
}
