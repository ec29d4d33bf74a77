import ort from 'onnxruntime-node';
import { AppError } from '../errors.js';
import { readMetadata } from '../tensor/read-metadata.js';
import { assertMetadata, PIXELS } from './encoder-metadata.js';
import { ABOUT_CLASSIFIER, ClassifierMetadata, CONFIDENCE } from './export-classifier.js';

/** A classifier on ONNX Runtime: prepared samples in, confidence by label out. */
export interface OnnxClassifier {
  readonly about: ClassifierMetadata;
  /**
   * @param samples each the bytes of one prepared sample
   * @returns for each, in order, one number a label: from 0 to 1, and 1 together
   * @throws AppError SAMPLE_INVALID where a sample has another length
   */
  classify(samples: readonly Uint8Array[]): Promise<readonly Float32Array[]>;
  close(): Promise<void>;
}

/** @throws AppError CLASSIFIER_INVALID where the bytes are no classifier that this program exported */
export async function openOnnxClassifier(
  bytes: Uint8Array,
  { threads = 1 }: { readonly threads?: number } = {},
): Promise<OnnxClassifier> {
  const { about, shape } = readAbout(bytes);
  const length = shape.reduce((product, side) => product * side, 1);
  const session = await ort.InferenceSession.create(bytes, {
    intraOpNumThreads: threads,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  }).catch((cause: unknown) => {
    throw new AppError('CLASSIFIER_INVALID', { why: (cause as Error).message }, { cause });
  });
  const width = about.labels.length;
  return {
    about,
    async classify(samples) {
      if (samples.length === 0) return [];
      const pixels = new Uint8Array(samples.length * length);
      for (const [at, sample] of samples.entries()) {
        if (sample.length !== length)
          throw new AppError('SAMPLE_INVALID', { expected: length, received: sample.length });
        pixels.set(sample, at * length);
      }
      const feed = new ort.Tensor('uint8', pixels, [samples.length, ...shape]);
      const out = (await session.run({ [PIXELS]: feed }, [CONFIDENCE]))[CONFIDENCE]!.data as Float32Array;
      return samples.map((_, at) => out.slice(at * width, (at + 1) * width));
    },
    close: () => session.release(),
  };
}

function readAbout(bytes: Uint8Array) {
  const invalid = (why: string, cause?: unknown) => new AppError('CLASSIFIER_INVALID', { why }, { cause });
  let pairs: Readonly<Record<string, string>>;
  try {
    pairs = readMetadata(bytes);
  } catch (cause) {
    throw invalid('it is not an ONNX file, or not all of one', cause);
  }
  const text = pairs[ABOUT_CLASSIFIER];
  if (text === undefined) throw invalid('it is an encoder or a network from elsewhere, and names no labels');
  try {
    return { about: ClassifierMetadata.parse(JSON.parse(text)), shape: assertMetadata(pairs).sample };
  } catch (cause) {
    throw invalid('its description can not be read', cause);
  }
}
