import { decayMask, type ParameterLayout } from '../../encoder/parameter-layout.js';
import { AppError } from '../../errors.js';
import type { CompiledFunction, Engine, Values } from '../../tensor/engine.js';
import { scalarsOf } from '../optimiser-update.js';
import type { Optimiser } from '../optimisers/optimiser.js';
import type { BatchSizes } from './state-action-batches.js';
import type { TowerShape } from './tower-network.js';
import { towerStep } from './tower-step.js';

export interface TowerStepperOptions {
  readonly shape: TowerShape;
  readonly layout: ParameterLayout;
  readonly optimiser: Optimiser;
  readonly sizes: BatchSizes;
  /** [P], as they start; later steps are written over them. */
  readonly parameters: Float32Array;
}

/** Takes one step after another, and keeps the parameters. A step is compiled when a batch of as many items first comes. */
export class TowerStepper {
  /** `parameters` and `slot/NAME`, [P] each. */
  #state: Values;
  /** The state before the last step, which the next one is written over. */
  #spare: Values | undefined;
  readonly #decay: Float32Array;

  readonly #compiled = new Map<number, CompiledFunction>();

  constructor(
    private readonly engine: Engine,
    private readonly options: TowerStepperOptions,
  ) {
    const { layout, optimiser, parameters } = options;
    const slots = optimiser.slots.map((name) => [`slot/${name}`, new Float32Array(layout.length)] as const);
    this.#state = { parameters, ...Object.fromEntries(slots) };
    this.#decay = decayMask(layout);
  }

  /** [P], as they stand; the step after the next is written over them. */
  get parameters(): Float32Array {
    return this.#state.parameters as Float32Array;
  }

  /** @returns the loss before the step. Throws TRAINING_DIVERGED. */
  async take(step: number, rate: number, batch: Values): Promise<number> {
    const names = Object.keys(this.#state);
    const scalars = scalarsOf(this.options.optimiser, step, rate);
    const compiled = await this.#compiledFor(batch.ids!.length);
    const out = await compiled.run({ ...batch, ...this.#state, ...scalars, decay: this.#decay }, this.#spare);
    const loss = out.loss![0]!;
    if (!Number.isFinite(loss))
      throw new AppError('TRAINING_DIVERGED', { saw: `at step ${step} the loss was ${loss}.` });
    this.#spare = Object.fromEntries(names.map((name) => [`next/${name}`, this.#state[name]!]));
    this.#state = Object.fromEntries(names.map((name) => [name, out[`next/${name}`]!]));
    return loss;
  }

  async #compiledFor(items: number): Promise<CompiledFunction> {
    const known = this.#compiled.get(items);
    if (known) return known;
    const { shape, layout, optimiser, sizes } = this.options;
    const { fn, inputs } = towerStep(shape, layout, optimiser, { ...sizes, items });
    const compiled = await this.engine.compile(fn, inputs);
    this.#compiled.set(items, compiled);
    return compiled;
  }

  async dispose(): Promise<void> {
    for (const compiled of this.#compiled.values()) await compiled.dispose();
  }
}
