import { decayMask } from '../encoder/parameter-layout.js';
import { AppError } from '../errors.js';
import type { CompiledFunction, Engine } from '../tensor/engine.js';
import type { TrainingState } from './checkpoint.js';
import type { Learner } from './learner.js';
import { scalarsOf } from './optimiser-update.js';
import type { Optimiser } from './optimisers/optimiser.js';
import { afterStep, type StepTaker, vectorsOf } from './stepper.js';
import type { StepShape } from './training-step.js';
import { twoPassStep } from './two-pass-step.js';

type Functions = Readonly<Record<keyof ReturnType<typeof twoPassStep>, CompiledFunction>>;

/** Takes steps in parts (`two-pass-step.ts`): the memory of one part, the loss of the whole batch. */
export class TwoPassStepper implements StepTaker {
  readonly #functions: Functions;
  readonly #learner: Learner;
  readonly #optimiser: Optimiser;
  readonly #decay: Float32Array;
  readonly #parts: number;

  private constructor(functions: Functions, learner: Learner, optimiser: Optimiser, parts: number) {
    this.#functions = functions;
    this.#learner = learner;
    this.#optimiser = optimiser;
    this.#parts = parts;
    this.#decay = decayMask(learner.layout);
  }

  /** Throws SETTINGS_INVALID where the views of a batch do not divide into so many parts, or the method remembers. */
  static async compile(
    engine: Engine,
    learner: Learner,
    optimiser: Optimiser,
    shape: StepShape,
    parts: number,
  ): Promise<TwoPassStepper> {
    const rows = learner.method.viewsPerSample * shape.batch;
    if (learner.method.memory)
      throw new AppError('SETTINGS_INVALID', { why: 'A method with a momentum copy takes its steps in one part.' });
    if (rows % parts !== 0)
      throw new AppError('SETTINGS_INVALID', { why: `${rows} views a step do not divide into ${parts} parts.` });
    const made: [string, CompiledFunction][] = [];
    try {
      for (const [name, { fn, inputs }] of Object.entries(twoPassStep(learner, optimiser, shape, parts)))
        made.push([name, await engine.compile(fn, inputs)]);
    } catch (cause) {
      for (const [, compiled] of made) await compiled.dispose();
      throw cause;
    }
    return new TwoPassStepper(Object.fromEntries(made) as unknown as Functions, learner, optimiser, parts);
  }

  async take(
    state: TrainingState,
    rate: number,
    views: Float32Array,
    spare?: TrainingState,
  ): Promise<{ loss: number; state: TrainingState }> {
    const { embed, compare, goBack, update } = this.#functions;
    const { encoderLayout, encoderStatisticsLayout, rates } = this.#learner;
    const parts = this.#parts;
    const each = views.length / parts;
    const viewsOf = (part: number) => views.subarray(part * each, (part + 1) * each);
    const own = state.parameters.subarray(0, encoderLayout.length);
    const share = (all: Float32Array, part: number) =>
      all.subarray((part * all.length) / parts, ((part + 1) * all.length) / parts);

    const features = new Float32Array(compare.inputs.features!.shape.reduce((a, b) => a * b, 1));
    for (let part = 0; part < parts; part++) {
      const out = await embed.run({ views: viewsOf(part), parameters: own });
      share(features, part).set(out.features as Float32Array);
    }
    const compared = await compare.run({ features, parameters: state.parameters.subarray(encoderLayout.length) });

    const gradient = new Float32Array(state.parameters.length);
    const seen = new Float32Array(state.statistics.length);
    gradient.set(compared.gradient as Float32Array, encoderLayout.length);
    seen.set(compared.statistics as Float32Array, encoderStatisticsLayout.length);
    for (let part = 0; part < parts && encoderLayout.length > 0; part++) {
      const slopes = share(compared.slopes as Float32Array, part);
      const out = await goBack.run({ views: viewsOf(part), slopes, parameters: own });
      addTo(gradient, out.gradient as Float32Array, 1);
      if (out.statistics) addTo(seen, out.statistics as Float32Array, 1 / parts);
    }

    const values = {
      ...vectorsOf(state),
      gradient,
      decay: this.#decay,
      ...(rates && { rates }),
      seen,
      ...scalarsOf(this.#optimiser, state.step, rate),
    };
    const out = await update.run(values, spare && vectorsOf(spare, 'next/'));
    return { loss: compared.loss![0]!, state: afterStep(state, this.#optimiser, out) };
  }

  /** Each function keeps its own memory. */
  get bytes(): number | undefined {
    return Object.values(this.#functions).reduce<number | undefined>(
      (sum, { peakBytes }) => (sum === undefined || peakBytes === undefined ? undefined : sum + peakBytes),
      0,
    );
  }

  async dispose(): Promise<void> {
    for (const compiled of Object.values(this.#functions)) await compiled.dispose();
  }
}

function addTo(sum: Float32Array, more: Float32Array, share: number): void {
  for (let i = 0; i < more.length; i++) sum[i]! += more[i]! * share;
}
