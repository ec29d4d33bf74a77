import { decayMask, type ParameterLayout } from '../../encoder/parameter-layout.js';
import { AppError } from '../../errors.js';
import type { CompiledFunction, Engine, Values } from '../../tensor/engine.js';
import type { Optimiser } from '../optimisers/optimiser.js';
import type { BatchSizes } from './state-action-batches.js';
import type { TowerShape } from './tower-network.js';
import { towerStep } from './tower-step.js';

export interface TowerStepperOptions {
  readonly shape: TowerShape;
  readonly layout: ParameterLayout;
  readonly optimiser: Optimiser;
  readonly sizes: BatchSizes;
  /** [P], as they start. */
  readonly parameters: Float32Array;
}

/** Takes one step after another, and keeps the parameters. */
export class TowerStepper {
  #parameters: Float32Array;
  #slots: Values;
  readonly #decay: Float32Array;

  private constructor(
    private readonly compiled: CompiledFunction,
    private readonly optimiser: Optimiser,
    { layout, parameters }: TowerStepperOptions,
  ) {
    this.#parameters = parameters;
    this.#slots = Object.fromEntries(optimiser.slots.map((name) => [`slot/${name}`, new Float32Array(layout.length)]));
    this.#decay = decayMask(layout);
  }

  static async compile(engine: Engine, options: TowerStepperOptions): Promise<TowerStepper> {
    const { fn, inputs } = towerStep(options.shape, options.layout, options.optimiser, options.sizes);
    return new TowerStepper(await engine.compile(fn, inputs), options.optimiser, options);
  }

  get parameters(): Float32Array {
    return this.#parameters;
  }

  /** @returns the loss before the step. Throws TRAINING_DIVERGED. */
  async take(step: number, rate: number, batch: Values): Promise<number> {
    const scalars = Object.entries(this.optimiser.numbers(step, rate));
    const out = await this.compiled.run({
      ...batch,
      parameters: this.#parameters,
      decay: this.#decay,
      ...this.#slots,
      ...Object.fromEntries(scalars.map(([name, value]) => [`scalar/${name}`, Float32Array.of(value)])),
    });
    const loss = out.loss![0]!;
    if (!Number.isFinite(loss))
      throw new AppError('TRAINING_DIVERGED', { saw: `at step ${step} the loss was ${loss}.` });
    this.#parameters = out['next/parameters'] as Float32Array;
    this.#slots = Object.fromEntries(Object.keys(this.#slots).map((name) => [name, out[`next/${name}`]!]));
    return loss;
  }

  dispose(): Promise<void> {
    return this.compiled.dispose();
  }
}
