import { readFile } from 'node:fs/promises';
import ort from 'onnxruntime-node';
import type { Vector } from '../core/vectors.js';
import { AppError } from '../errors.js';
import { readMetadata } from '../tensor/read-metadata.js';
import type { Encoder, FeatureMap, SampleSpec } from './encoder.js';
import { assertMetadata, EMBEDDING, MAP, PIXELS } from './encoder-metadata.js';

export interface OnnxEncoderOptions {
  /** Threads inside one operator. One, beside a server: it shares its cores with other work. */
  readonly threads?: number;
  /** Samples a run at most; more are cut into several runs, with a turn of the event loop between them. */
  readonly batch?: number;
}

/** The encoder that serves: `encoder.onnx` on ONNX Runtime. One session, which any number of callers may share. */
export class OnnxEncoder implements Encoder {
  readonly dimension: number;
  readonly sample: SampleSpec;
  readonly encodeMaps?: NonNullable<Encoder['encodeMaps']>;
  readonly #session: ort.InferenceSession;
  readonly #batch: number;
  readonly #sampleLength: number;
  #open = true;

  private constructor(session: ort.InferenceSession, sample: SampleSpec, dimension: number, batch: number) {
    this.#session = session;
    this.sample = sample;
    this.dimension = dimension;
    this.#batch = batch;
    this.#sampleLength = sample.shape.reduce((product, side) => product * side, 1);
    if (session.outputNames.includes(MAP)) this.encodeMaps = (samples) => this.#inRuns(samples, MAP, mapsOf);
  }

  /** @throws AppError MODEL_DAMAGED where the bytes are no encoder that this program exported */
  static async open(bytes: Uint8Array, { threads = 1, batch = 64 }: OnnxEncoderOptions = {}): Promise<OnnxEncoder> {
    try {
      const { sample, dimension } = assertMetadata(readMetadata(bytes));
      const session = await ort.InferenceSession.create(bytes, {
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        graphOptimizationLevel: 'all',
        logSeverityLevel: 3,
        extra: { session: { intra_op: { allow_spinning: '0' } } }, // an idle thread must not burn a server's core
      });
      return new OnnxEncoder(session, { shape: sample }, dimension, batch);
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      throw new AppError('MODEL_DAMAGED', { modelId: 'encoder.onnx', why: (cause as Error).message }, { cause });
    }
  }

  async encode(samples: readonly Uint8Array[]): Promise<readonly Vector[]> {
    return this.#inRuns(samples, EMBEDDING, rowsOf);
  }

  async #inRuns<T>(
    samples: readonly Uint8Array[],
    output: string,
    read: (out: ort.Tensor) => readonly T[],
  ): Promise<readonly T[]> {
    if (!this.#open) throw new Error('This encoder was closed.');
    for (const { length } of samples)
      if (length !== this.#sampleLength)
        throw new AppError('SAMPLE_INVALID', { expected: this.#sampleLength, received: length });
    const found: T[] = [];
    for (let start = 0; start < samples.length; start += this.#batch)
      found.push(...read(await this.#run(samples.slice(start, start + this.#batch), output)));
    return found;
  }

  async #run(samples: readonly Uint8Array[], output: string): Promise<ort.Tensor> {
    const pixels = new Uint8Array(samples.length * this.#sampleLength);
    for (const [index, sample] of samples.entries()) pixels.set(sample, index * this.#sampleLength);
    const feed = new ort.Tensor('uint8', pixels, [samples.length, ...this.sample.shape]);
    const { [output]: out } = await this.#session.run({ [PIXELS]: feed }, [output]);
    return out!;
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.#session.release();
  }
}

/** `[N, D]` as N vectors. */
function rowsOf({ data, dims }: ort.Tensor): Vector[] {
  const [count, width] = dims as [number, number];
  return Array.from({ length: count }, (_, n) => (data as Float32Array).slice(n * width, (n + 1) * width));
}

/** `[N, C, h, w]` as N maps whose cells lie together. */
function mapsOf({ data, dims }: ort.Tensor): FeatureMap[] {
  const [count, channels, height, width] = dims as [number, number, number, number];
  const places = height * width;
  return Array.from({ length: count }, (_, n) => {
    const cells = new Float32Array(places * channels);
    for (let c = 0; c < channels; c++)
      for (let at = 0; at < places; at++)
        cells[at * channels + c] = (data as Float32Array)[(n * channels + c) * places + at]!;
    return { height, width, channels, cells };
  });
}

/**
 * Opens an exported encoder from its file or its bytes.
 * @throws AppError MODEL_DAMAGED; what the file system throws
 */
export async function openOnnxEncoder(model: string | Uint8Array, options: OnnxEncoderOptions = {}): Promise<Encoder> {
  return OnnxEncoder.open(typeof model === 'string' ? await readFile(model) : model, options);
}
