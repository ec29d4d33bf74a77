import { decayMask } from '../encoder/parameter-layout.js';
import type { CompiledFunction, Engine, Values } from '../tensor/engine.js';
import type { TrainingState } from './checkpoint.js';
import type { Learner } from './learner.js';
import { memoryScalars } from './memory.js';
import type { Method } from './methods/method.js';
import { scalarsOf } from './optimiser-update.js';
import type { Optimiser } from './optimisers/optimiser.js';
import { type StepShape, stepInputs, trainingStep } from './training-step.js';

/** Takes one step after another. */
export interface StepTaker {
  /** What a step takes at its fullest, where the engine knows. */
  readonly bytes: number | undefined;
  /**
   * The state after one more step, and the loss before it. The state handed in stays as it was.
   * @param spare an earlier state that nobody needs any more: the new one may be written over it
   */
  take(
    state: TrainingState,
    rate: number,
    views: Float32Array,
    spare?: TrainingState,
  ): Promise<{ loss: number; state: TrainingState }>;
  dispose(): Promise<void>;
}

/** Takes a step as one compiled function. */
export class Stepper implements StepTaker {
  readonly #compiled: CompiledFunction;
  readonly #method: Method;
  readonly #optimiser: Optimiser;
  readonly #decay: Float32Array;
  readonly #rates: Float32Array | undefined;

  private constructor(compiled: CompiledFunction, learner: Learner, optimiser: Optimiser) {
    this.#compiled = compiled;
    this.#method = learner.method;
    this.#optimiser = optimiser;
    this.#decay = decayMask(learner.layout);
    this.#rates = learner.rates;
  }

  static async compile(engine: Engine, learner: Learner, optimiser: Optimiser, shape: StepShape): Promise<Stepper> {
    const compiled = await engine.compile(trainingStep(learner, optimiser), stepInputs(learner, optimiser, shape));
    return new Stepper(compiled, learner, optimiser);
  }

  async take(
    state: TrainingState,
    rate: number,
    views: Float32Array,
    spare?: TrainingState,
  ): Promise<{ loss: number; state: TrainingState }> {
    const values = {
      ...vectorsOf(state),
      views,
      decay: this.#decay,
      ...(this.#rates && { rates: this.#rates }),
      ...scalarsOf(this.#optimiser, state.step, rate),
      ...memoryScalars(this.#method, state.step),
    };
    const out = await this.#compiled.run(values, spare && vectorsOf(spare, 'next/'));
    return { loss: out.loss![0]!, state: afterStep(state, this.#optimiser, out) };
  }

  get bytes(): number | undefined {
    return this.#compiled.peakBytes;
  }

  dispose(): Promise<void> {
    return this.#compiled.dispose();
  }
}

/** The vectors of a state by the names that a step knows them by, as inputs or (`next/`) as outputs. */
export function vectorsOf({ parameters, statistics, slots, memory }: TrainingState, prefix: '' | 'next/' = ''): Values {
  const vectors = [
    ['parameters', parameters],
    ['statistics', statistics],
    ...Object.entries(slots).map(([name, slot]) => [`slot/${name}`, slot]),
    ...Object.entries(memory).map(([name, vector]) => [`memory/${name}`, vector]),
  ] as const;
  return Object.fromEntries(vectors.map(([name, vector]) => [prefix + name, vector])) as Values;
}

/** The state that a step's outputs (`next/…`) make. */
export function afterStep(state: TrainingState, optimiser: Optimiser, out: Values): TrainingState {
  const vector = (name: string) => out[`next/${name}`] as Float32Array;
  return {
    step: state.step + 1,
    parameters: vector('parameters'),
    statistics: vector('statistics'),
    slots: Object.fromEntries(optimiser.slots.map((name) => [name, vector(`slot/${name}`)])),
    memory: Object.fromEntries(Object.keys(state.memory).map((name) => [name, vector(`memory/${name}`)])),
  };
}
