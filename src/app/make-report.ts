import { viewSweeps } from '../augment/view-sweeps.js';
import type { Progress } from '../core/progress.js';
import { openOnnxEncoder } from '../encoder/onnx-encoder.js';
import { untrainedEncoder } from '../encoder/untrained-encoder.js';
import { PROBE_PICTURES } from '../evaluation/probes.js';
import type { LabelledFindings, ReportedModel } from '../evaluation/report/findings.js';
import { gatherFindings } from '../evaluation/report/gather-findings.js';
import { renderReport } from '../evaluation/report/render-report.js';
import type { PreparedSamples } from '../images/prepare-samples.js';
import { samplePicture } from '../images/sample-picture.js';

/** Of a thumbnail, in pixels: five hundred of them stay well below a megabyte. */
const THUMBNAIL_SIDE = 48;

export interface ReportOptions {
  readonly model: ReportedModel;
  /** `encoder.onnx`: its bytes, or where it lies. */
  readonly encoder: Uint8Array | string;
  /** `parameters.bin`; without it nothing is said of the network before training. */
  readonly parameters?: Uint8Array | undefined;
  /** For people: where the pictures come from. */
  readonly source: string;
  readonly prepared: Pick<PreparedSamples, 'samples' | 'ids'>;
  readonly threads: number;
  readonly labelled?: LabelledFindings | undefined;
  readonly progress?: Progress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A report as one HTML file, about at most 500 of the pictures. Throws what `gatherFindings` throws. */
export async function makeReport(options: ReportOptions): Promise<string> {
  const { model, parameters, source, prepared, threads, labelled, progress, signal } = options;
  const { samples, ids } = prepared;
  const count = Math.min(samples.count, PROBE_PICTURES);
  const chosen = Array.from({ length: count }, (_, i) => Math.floor((i * samples.count) / count));
  const before = parameters && (await untrainedEncoder(parameters, model.seed));
  const encoder = await openOnnxEncoder(options.encoder, { threads });
  const untrained = before && (await openOnnxEncoder(before, { threads }));
  try {
    const findings = await gatherFindings({
      model,
      encoder,
      untrained,
      source,
      samples: chosen.map((at) => samples.read(at).slice()),
      names: chosen.map((at) => ids[at]!),
      thumbnail: async (sample) => {
        const bytes = await samplePicture(sample, samples.shape, THUMBNAIL_SIDE);
        return `data:image/webp;base64,${bytes.toString('base64')}`;
      },
      sweeps: viewSweeps(samples.shape),
      labelled,
      progress,
      signal,
    });
    return renderReport(findings);
  } finally {
    await encoder.close();
    await untrained?.close();
  }
}
