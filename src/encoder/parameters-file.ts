import { z } from 'zod';
import { stableJson } from '../core/fingerprint.js';
import { AppError } from '../errors.js';
import { readFloatFile, writeFloatFile } from './float-file.js';
import type { ParameterLayout } from './parameter-layout.js';

const Named = z.array(z.object({ name: z.string(), shape: z.array(z.number()) }));

const Header = z.object({
  kind: z.literal('parameters'),
  architecture: z.string(),
  architectureOptions: z.record(z.string(), z.unknown()),
  shape: z.array(z.number()),
  pixels: z.object({ mean: z.array(z.number()), deviation: z.array(z.number()) }),
  parameters: Named,
  statistics: Named,
  graph: z.base64().optional(),
});

/** What `parameters.bin` holds: everything that training can go on from. */
export interface SavedParameters extends Omit<z.output<typeof Header>, 'kind' | 'parameters' | 'statistics' | 'graph'> {
  /** Heads too, where they were kept. */
  readonly parameters: Readonly<Record<string, SavedTensor>>;
  /** Running means and variances of the normalisations. */
  readonly statistics: Readonly<Record<string, SavedTensor>>;
  /** An imported network: the ONNX file without the weights, which are among the parameters. */
  readonly graph?: Uint8Array;
}

export interface SavedTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Names the parts of a flat vector. */
export function namedParts(flat: Float32Array, layout: ParameterLayout): Record<string, SavedTensor> {
  return Object.fromEntries(
    layout.entries.map(({ name, shape, offset, length }) => [
      name,
      { shape, values: flat.subarray(offset, offset + length) },
    ]),
  );
}

/** The bytes of `parameters.bin` (`float-file.ts` has the layout). */
export function writeParameters({ parameters, statistics, graph, ...about }: SavedParameters): Uint8Array {
  const named = (parts: Readonly<Record<string, SavedTensor>>) =>
    Object.entries(parts).map(([name, { shape }]) => ({ name, shape }));
  const prefixed = (kind: string, parts: Readonly<Record<string, SavedTensor>>) =>
    Object.entries(parts).map(([name, { values }]) => [`${kind}/${name}`, values] as const);
  return writeFloatFile({
    header: {
      kind: 'parameters',
      ...about,
      parameters: named(parameters),
      statistics: named(statistics),
      ...(graph && { graph: Buffer.from(graph).toString('base64') }),
    },
    vectors: Object.fromEntries([...prefixed('parameters', parameters), ...prefixed('statistics', statistics)]),
  });
}

/** Throws PARAMETERS_INVALID where the bytes are damaged, or something else than parameters. */
export function readParameters(bytes: Uint8Array): SavedParameters {
  try {
    const { header, vectors } = readFloatFile(bytes);
    const { kind: _, parameters, statistics, graph, ...about } = Header.parse(header);
    const parts = (kind: string, named: z.output<typeof Named>) =>
      Object.fromEntries(named.map(({ name, shape }) => [name, { shape, values: vectors[`${kind}/${name}`]! }]));
    return {
      ...about,
      parameters: parts('parameters', parameters),
      statistics: parts('statistics', statistics),
      ...(graph !== undefined && { graph: Buffer.from(graph, 'base64') }),
    };
  } catch (cause) {
    const why = cause instanceof RangeError ? cause.message : 'it holds something else';
    throw new AppError('PARAMETERS_INVALID', { why }, { cause });
  }
}

/**
 * Copies saved parts over a flat vector, by name. `required` must all be there, in the same shape; other entries of the
 * layout (heads of another method) keep what they have.
 * @throws AppError PARAMETERS_INVALID
 */
export function copyParts(
  parts: Readonly<Record<string, SavedTensor>>,
  into: Float32Array,
  layout: ParameterLayout,
  required: ParameterLayout,
): void {
  const needed = new Set(required.entries.map(({ name }) => name));
  for (const { name, shape, offset } of layout.entries) {
    const part = parts[name];
    if (part !== undefined && stableJson(part.shape) === stableJson(shape)) into.set(part.values, offset);
    else if (needed.has(name)) {
      const found = part === undefined ? 'is missing' : `is [${part.shape.join(', ')}], not [${shape.join(', ')}]`;
      throw new AppError('PARAMETERS_INVALID', { why: `"${name}" ${found}` });
    }
  }
}
