import { readModel } from '../tensor/onnx/read-model.js';
import { EMBEDDING } from './encoder-metadata.js';
import type { Whitening } from './whitening.js';

/**
 * The whitening inside an exported encoder, read off the end of its graph: unit( (rows − mean) · matrix ). Undefined where
 * the graph ends otherwise. An encoder keeps it nowhere else.
 * @param bytes `encoder.onnx`
 * @throws AppError BACKBONE_INVALID where the bytes are no ONNX file
 */
export function publishedWhitening(bytes: Uint8Array): Whitening | undefined {
  const { nodes, constants } = readModel(bytes);
  const maker = (name: string | undefined) => nodes.find(({ outputs }) => outputs.includes(name ?? ''));
  const constantOf = (names: readonly string[] | undefined, shape: readonly number[]): Float32Array | undefined => {
    const held = constants.get(names?.[1] ?? '');
    const fits = held?.shape.length === shape.length && held.shape.every((extent, i) => extent === shape[i]);
    return fits && held.values instanceof Float32Array ? held.values : undefined;
  };
  const scaled = maker(EMBEDDING); // rows times one over their length
  const turned = maker(scaled?.inputs[0]);
  const centred = maker(turned?.inputs[0]);
  if (turned?.op !== 'MatMul' || centred?.op !== 'Sub') return undefined;
  const [dimension = 0, axes = 0] = constants.get(turned.inputs[1] ?? '')?.shape ?? [];
  const matrix = constantOf(turned.inputs, [dimension, axes]);
  const mean = constantOf(centred.inputs, [1, dimension]);
  return matrix && mean && { dimension, mean, matrix };
}
