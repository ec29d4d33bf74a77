import { decayMask } from '../encoder/parameter-layout.js';
import type { CompiledFunction, Engine, Values } from '../tensor/engine.js';
import type { Batches } from './batches.js';
import type { TrainingState } from './checkpoint.js';
import type { Learner } from './learner.js';
import type { Optimiser } from './optimisers/optimiser.js';
import { stepInputs, trainingStep } from './training-step.js';

/** Takes one step after another: makes the views, runs the compiled step. */
export class Stepper {
  readonly #compiled: CompiledFunction;
  readonly #batches: Batches;
  readonly #optimiser: Optimiser;
  readonly #decay: Float32Array;
  readonly #views: Float32Array;

  private constructor(compiled: CompiledFunction, batches: Batches, learner: Learner, optimiser: Optimiser) {
    this.#compiled = compiled;
    this.#batches = batches;
    this.#optimiser = optimiser;
    this.#decay = decayMask(learner.layout);
    this.#views = new Float32Array(batches.length);
  }

  static async compile(
    engine: Engine,
    learner: Learner,
    optimiser: Optimiser,
    batches: Batches,
    view: readonly number[],
  ): Promise<Stepper> {
    const shape = { batch: batches.size, view };
    const compiled = await engine.compile(trainingStep(learner, optimiser), stepInputs(learner, optimiser, shape));
    return new Stepper(compiled, batches, learner, optimiser);
  }

  /** The state after one more step, and the loss before it. The state handed in stays as it was. */
  async take(state: TrainingState, rate: number): Promise<{ loss: number; state: TrainingState }> {
    this.#batches.write(state.step, this.#views);
    const numbers = Object.entries(this.#optimiser.numbers(state.step, rate));
    const out = await this.#compiled.run({
      views: this.#views,
      parameters: state.parameters,
      decay: this.#decay,
      statistics: state.statistics,
      ...Object.fromEntries(Object.entries(state.slots).map(([name, slot]) => [`slot/${name}`, slot])),
      ...Object.fromEntries(numbers.map(([name, value]) => [`scalar/${name}`, Float32Array.of(value)])),
    });
    return { loss: out.loss![0]!, state: this.#after(state, out) };
  }

  #after(state: TrainingState, out: Values): TrainingState {
    const vector = (name: string) => out[`next/${name}`] as Float32Array;
    return {
      step: state.step + 1,
      parameters: vector('parameters'),
      statistics: vector('statistics'),
      slots: Object.fromEntries(this.#optimiser.slots.map((name) => [name, vector(`slot/${name}`)])),
    };
  }

  dispose(): Promise<void> {
    return this.#compiled.dispose();
  }
}
