import { modelType } from './onnx/schema.js';

/** The metadata of a model, `{}` where it has none. Throws where the bytes are no ONNX model. */
export function readMetadata(model: Uint8Array): Readonly<Record<string, string>> {
  const { metadata_props } = modelType().decode(model) as unknown as {
    metadata_props: readonly { key: string; value: string }[];
  };
  return Object.fromEntries(metadata_props.map(({ key, value }) => [key, value]));
}
