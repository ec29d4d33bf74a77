import { z } from 'zod';
import { stableJson } from '../core/fingerprint.js';
import { appendOnnx } from '../tensor/append-onnx.js';
import { EMBEDDING } from './encoder-metadata.js';

/** Name of the output of every exported classifier. */
export const CONFIDENCE = 'confidence';
/** Key of what a classifier says of itself, beside what its encoder does. */
export const ABOUT_CLASSIFIER = 'kindred-classifier';

const Share = z.number().min(0).max(1);

/** The manifest of a classifier, which travels in its file. */
export const ClassifierMetadata = z.object({
  format: z.literal(1),
  /** In the order of the output. */
  labels: z.array(z.string()).min(2),
  /** The model whose encoder is inside. */
  modelId: z.string(),
  /** How an original becomes a sample: its side in pixels, what becomes of what is not square. */
  preparation: z.record(z.string(), z.unknown()),
  /** By channel, in [0, 1], where known. The graph does this itself: it is handed bytes. */
  pixels: z.object({ mean: z.array(z.number()), deviation: z.array(z.number()) }).optional(),
  /** What scores were divided by, and the expected calibration error on held-out pictures without and with it. */
  calibration: z.object({ temperature: z.number().positive(), errorBefore: Share, errorAfter: Share }),
  /** What it was fitted on, and how often it named held-out pictures rightly, with an interval of 95%. */
  fitted: z.object({
    pictures: z.int().positive(),
    /** Pictures without labels that it could have learnt from, and whether labels spread to them, as far as folds tell. */
    unlabelled: z.int().nonnegative().default(0),
    spread: z.boolean().default(false),
    decay: z.number().nonnegative(),
    folds: z.int().min(2),
    accuracy: z.object({ mean: Share, low: Share, high: Share }),
    commonest: Share,
  }),
});
export type ClassifierMetadata = z.output<typeof ClassifierMetadata>;

/** confidence = softmax(weights · embedding + biases) */
export interface Head {
  /** `[classes, dimension]` */
  readonly weights: Float32Array;
  /** `[classes]` */
  readonly biases: Float32Array;
}

/**
 * The bytes of a classifier: an exported encoder with a head behind it. `pixels` uint8 [N, H, W, C] in; `confidence`
 * float32 [N, classes] out, which sums to 1, and `embedding` as before.
 */
export function exportClassifier(
  encoder: Uint8Array,
  { weights, biases }: Head,
  about: ClassifierMetadata,
): Uint8Array {
  const classes = about.labels.length;
  return appendOnnx(encoder, {
    nodes: [
      {
        op: 'Gemm',
        inputs: [EMBEDDING, 'head/weights', 'head/biases'],
        output: 'head/logits',
        attributes: { transB: 1 },
      },
      { op: 'Softmax', inputs: ['head/logits'], output: CONFIDENCE, attributes: { axis: -1 } },
    ],
    constants: {
      'head/weights': { shape: [classes, weights.length / classes], values: weights },
      'head/biases': { shape: [classes], values: biases },
    },
    outputs: { [CONFIDENCE]: [-1, classes] },
    metadata: { [ABOUT_CLASSIFIER]: stableJson(about) },
  });
}
