import { z } from 'zod';

const Score = z.record(z.string(), z.number());

/**
 * One epoch (or probe) of a training run. Beside the scores of `evaluation/scores.ts` and shares of time, a point has what
 * follows; those of older versions lack what was not looked at then.
 *
 * - `recall`: share of the probe's views whose nearest among all of them is the other one of their picture
 * - `projectionRank`: effective rank of the projections that the objective compares
 * - `projectionSpread`: their deviation as a share of that of rows spread evenly, 0 at collapse
 * - `neighboursKept`: share of the nearest neighbours of the probe's pictures that are those of the point before
 * - `rateShare`: share of the scheduled learning rate, where the guard has lowered it
 */
export const CurvePoint = z
  .object({ step: z.number(), epoch: z.number(), seconds: z.number(), loss: z.number() })
  .catchall(z.number());
export type CurvePoint = z.output<typeof CurvePoint>;

/** What the guard of a training run did, and why, in words with the figure. */
export const Intervention = z.object({
  /** At which it was seen. */
  step: z.number(),
  action: z.enum(['warn', 'lower-rate', 'restore']),
  says: z.string(),
  /** Share of the scheduled learning rate from there on. */
  rateShare: z.number(),
  /** The step that a restored run went back to. */
  backTo: z.number().optional(),
});
export type Intervention = z.output<typeof Intervention>;

/** How a model was made and what it is: the file `manifest.json` beside `encoder.onnx`. Never changed once published. */
export const ModelManifest = z.object({
  modelId: z.string().min(1).max(128),
  kindredVersion: z.string(),
  createdAt: z.string(),
  modality: z.literal('image'),
  /** Length of the unit vectors that come out. */
  dimension: z.number().int().positive(),
  /** What goes in, and how an original becomes it (`images/preparation.ts` parses it). */
  sample: z.object({ shape: z.array(z.number().int().positive()) }),
  preparation: z.record(z.string(), z.unknown()),
  encoder: z.object({
    file: z.literal('encoder.onnx'),
    sha256: z.string(),
    sizeBytes: z.number(),
    parameters: z.number(),
  }),
  /** The weights training goes on from (`parameters.bin`), absent where they were not kept. */
  parameters: z.object({ file: z.literal('parameters.bin'), sha256: z.string(), sizeBytes: z.number() }).optional(),
  data: z.object({ fingerprint: z.string(), count: z.number(), source: z.string(), skipped: z.number() }),
  /** Everything that was set: method, architecture, views, optimiser, budget, whitening. */
  settings: z.record(z.string(), z.unknown()),
  seed: z.number(),
  parent: z.string().nullable(),
  curve: z.array(CurvePoint),
  /** What the guard did in the run; absent where it had nothing to do. */
  interventions: z.array(Intervention).optional(),
  /** The step whose weights were published, where the best and not the last was asked for. */
  keptStep: z.number().optional(),
  /** Label-free scores of the finished encoder, and of baselines on the same data. */
  scores: Score,
  /** Where the time went, in seconds by part; absent in models of older versions. */
  spent: Score.optional(),
  baselines: z.record(z.string(), Score).default({}),
  command: z.string().optional(),
  licence: z.string().optional(),
  /** The foreign network that it, or a model it goes on from, was adapted from; `sha256` is of its file. */
  backbone: z.object({ name: z.string(), licence: z.string(), sha256: z.string() }).optional(),
  credits: z.array(z.string()).default([]),
});
export type ModelManifest = z.output<typeof ModelManifest>;

/** The files a model may have; the report is for people, and nothing that serves looks at it. */
export type ModelFile = 'encoder.onnx' | 'parameters.bin' | 'manifest.json' | 'report.html';

/** The models on disk: one immutable directory each. Drafts and damaged directories are never listed as models. */
export interface ModelRegistry {
  list(): Promise<readonly ModelManifest[]>;
  /** Throws MODEL_NOT_FOUND, or MODEL_DAMAGED where the manifest does not parse or a hash does not hold. */
  read(modelId: string): Promise<ModelManifest>;
  /** The absolute path of a file of a model. */
  path(modelId: string, file: ModelFile): string;
  /** Whole or not at all. `allowed` is asked right before the switch (a lost claim throws there). */
  publish(
    manifest: Omit<ModelManifest, 'encoder' | 'parameters'> & { encoderParameters: number },
    files: { encoder: Uint8Array; parameters?: Uint8Array; report?: string | undefined },
    allowed?: () => Promise<void>,
  ): Promise<ModelManifest>;
}
