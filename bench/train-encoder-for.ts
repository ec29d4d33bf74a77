import { openPictures, portablePictures } from '../src/app/open-pictures.js';
import type { ViewSettings } from '../src/augment/index.js';
import type { Encoder } from '../src/encoder/encoder.js';
import { OnnxEncoder } from '../src/encoder/onnx-encoder.js';
import { createEngine } from '../src/tensor/create-engine.js';
import type { TrainedEncoder } from '../src/training/finish-encoder.js';
import type { AlsoScore } from '../src/training/probe.js';
import type { Samples } from '../src/training/samples.js';
import { trainEncoder } from '../src/training/train-encoder.js';
import { asExported } from './as-exported.js';
import { picturesInMemory } from './in-memory.js';
import { pace } from './pace.js';

/** A trained encoder, open, with what the run left behind. */
export interface Fitted {
  readonly encoder: Encoder;
  readonly trained: TrainedEncoder;
}

export interface FitOptions {
  readonly metadata?: Readonly<Record<string, string>>;
  /** Asked at each look, of what an export would give by then; the time it takes is no training time. */
  readonly alsoScore?: AlsoScore;
  /** `parameters.bin` of a model to go on from; the settings then name its network. */
  readonly initial?: Uint8Array;
  /** Views that are not as in the preset for the number of channels. */
  readonly views?: Partial<ViewSettings>;
}

/**
 * Trains as the product does: default engine, views beside the steps, default settings but those that are given, and the
 * preset of views for the number of channels.
 */
export async function trainEncoderFor(
  samples: Samples,
  settings: Readonly<Record<string, unknown>>,
  say: (line: string) => void,
  { metadata = {}, alsoScore, initial, views }: FitOptions = {},
): Promise<Fitted> {
  const { threads } = pace();
  const clock = stoppable(pace().now);
  const pictures = picturesInMemory(samples, views);
  const trained = await trainEncoder({
    samples,
    views: openPictures(pictures).views,
    beside: { portable: portablePictures(pictures), threads: 1 },
    settings,
    engine: await createEngine('onnx', { threads }),
    now: clock.now,
    onEpoch: (point) =>
      say(
        `step ${point.step}, ${point.seconds.toFixed(0)} s: ${JSON.stringify(point, (_key, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value))}`,
      ),
    onNotice: say,
    ...(initial && { initial }),
    ...(alsoScore && { alsoScore: clock.stopping(asExported(samples, settings, alsoScore)) }),
    metadata,
  });
  return { encoder: await OnnxEncoder.open(trained.encoder, { threads, batch: 256 }), trained };
}

/** A clock that stands still while something else is done. */
function stoppable(now: () => number) {
  let stood = 0;
  return {
    now: () => now() - stood,
    stopping:
      <A extends readonly unknown[], R>(work: (...given: A) => Promise<R>) =>
      async (...given: A): Promise<R> => {
        const before = now();
        try {
          return await work(...given);
        } finally {
          stood += now() - before;
        }
      },
  };
}
