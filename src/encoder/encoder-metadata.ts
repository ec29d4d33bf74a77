import { z } from 'zod';
import { fingerprint, stableJson } from '../core/fingerprint.js';
import { AppError } from '../errors.js';

/** Names of the input and the output of every exported encoder. */
export const PIXELS = 'pixels';
export const EMBEDDING = 'embedding';
/** The second output, of encoders whose network has a map: float32 [N, C, h, w]. */
export const MAP = 'map';

const ABOUT = 'kindred';

const About = z.object({
  format: z.literal(1),
  sample: z.array(z.int().positive()),
  dimension: z.int().positive(),
  /** What the exporter was handed: how pictures become samples. */
  notes: z.record(z.string(), z.string()),
  /** Of all the rest, so that a model whose description was edited is not trusted. */
  fingerprint: z.string(),
});
export type EncoderMetadata = Omit<z.output<typeof About>, 'fingerprint'>;

/** As the key–value pairs of an ONNX file. */
export function writeMetadata(about: EncoderMetadata): Record<string, string> {
  return { [ABOUT]: stableJson({ ...about, fingerprint: fingerprint(stableJson(about)) }) };
}

/** @throws AppError MODEL_DAMAGED where the description is missing, or is not the one that was written */
export function assertMetadata(pairs: Readonly<Record<string, string>>): EncoderMetadata {
  const text = pairs[ABOUT];
  const damaged = (why: string, cause?: unknown) =>
    new AppError('MODEL_DAMAGED', { modelId: 'encoder.onnx', why }, { cause });
  if (text === undefined) throw damaged('it was not exported by this program');
  try {
    const { fingerprint: written, ...about } = About.parse(JSON.parse(text));
    if (written === fingerprint(stableJson(about))) return about;
  } catch (cause) {
    throw damaged('its description can not be read', cause);
  }
  throw damaged('its description was changed after it was exported');
}
