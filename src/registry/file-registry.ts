import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { publishDirectory } from '../core/atomic-files.js';
import { fingerprint, fingerprintFile } from '../core/fingerprint.js';
import { byteOrder } from '../core/vectors.js';
import { AppError, isDiskFull } from '../errors.js';
import { type ModelFile, ModelManifest, type ModelRegistry } from './registry.js';

/** Letters, digits, `.`, `_` and `-`, beginning and ending with a letter or digit: an id can't leave the folder. */
const MODEL_ID = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,126}[A-Za-z0-9])?$/;

/**
 * The models of one folder: `<root>/<modelId>/{encoder.onnx, parameters.bin?, report.html?, manifest.json}`. A model appears whole, by
 * one rename, and is never changed after; drafts of killed processes and damaged folders are not models.
 */
export class FileRegistry implements ModelRegistry {
  readonly #root: string;

  constructor(root: string) {
    this.#root = resolve(root);
  }

  /** Oldest first, ties by id. Manifests and sizes are checked here, hashes only by `read`. */
  async list(): Promise<readonly ModelManifest[]> {
    const names = await readdir(this.#root).catch((cause: unknown) => {
      if (isMissing(cause)) return [];
      throw cause;
    });
    const manifests: ModelManifest[] = [];
    for (const name of names) {
      if (!MODEL_ID.test(name)) continue;
      const manifest = await this.#manifest(name).catch(onlyUnusable);
      if (manifest) manifests.push(manifest);
    }
    return manifests.sort((a, b) => byteOrder(a.createdAt, b.createdAt) || byteOrder(a.modelId, b.modelId));
  }

  async read(modelId: string): Promise<ModelManifest> {
    const manifest = await this.#manifest(modelId);
    for (const { file, sha256 } of filesOf(manifest)) {
      const found = await fingerprintFile(this.path(modelId, file));
      if (found !== sha256)
        throw new AppError('MODEL_DAMAGED', { modelId, why: `${file} no longer matches its checksum.` });
    }
    return manifest;
  }

  path(modelId: string, file: ModelFile): string {
    if (!MODEL_ID.test(modelId)) throw new AppError('MODEL_NOT_FOUND', { modelId });
    return join(this.#root, modelId, file);
  }

  /** @throws AppError SETTINGS_INVALID for an id that can't be a folder, MODEL_EXISTS, DISK_FULL, and what `allowed` throws */
  async publish(
    made: Omit<ModelManifest, 'encoder' | 'parameters'> & { encoderParameters: number },
    files: { encoder: Uint8Array; parameters?: Uint8Array; report?: string | undefined },
    allowed?: () => Promise<void>,
  ): Promise<ModelManifest> {
    const { encoderParameters, ...rest } = made;
    const { modelId } = rest;
    if (!MODEL_ID.test(modelId))
      throw new AppError('SETTINGS_INVALID', {
        why: `"${modelId}" can't name a model: use letters, digits, . _ and -`,
      });
    const manifest = ModelManifest.parse({
      ...rest,
      encoder: { ...described('encoder.onnx', files.encoder), parameters: encoderParameters },
      ...(files.parameters ? { parameters: described('parameters.bin', files.parameters) } : {}),
    });
    try {
      await publishDirectory(
        this.#root,
        modelId,
        async (draft) => {
          await writeFile(join(draft, 'encoder.onnx'), files.encoder);
          if (files.parameters) await writeFile(join(draft, 'parameters.bin'), files.parameters);
          if (files.report !== undefined) await writeFile(join(draft, 'report.html'), files.report);
          await writeFile(join(draft, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
        },
        allowed,
      );
    } catch (cause) {
      if (isDiskFull(cause)) throw new AppError('DISK_FULL', { what: `model ${modelId}` }, { cause });
      if (isOccupied(cause)) throw new AppError('MODEL_EXISTS', { modelId }, { cause });
      throw cause;
    }
    return manifest;
  }

  /** The manifest of a folder whose files are there, in the sizes it says. */
  async #manifest(modelId: string): Promise<ModelManifest> {
    const text = await readFile(this.path(modelId, 'manifest.json'), 'utf8').catch(async (cause: unknown) => {
      if (!isMissing(cause)) throw cause;
      const folder = await stat(join(this.#root, modelId)).catch(() => undefined);
      if (!folder?.isDirectory()) throw new AppError('MODEL_NOT_FOUND', { modelId });
      throw new AppError('MODEL_DAMAGED', { modelId, why: 'it has no manifest.json.' });
    });
    const manifest = parsed(modelId, text);
    for (const { file, sizeBytes } of filesOf(manifest)) {
      const found = await stat(this.path(modelId, file)).catch(() => undefined);
      if (found?.size !== sizeBytes)
        throw new AppError('MODEL_DAMAGED', {
          modelId,
          why: `${file} has ${found?.size ?? 'no'} bytes, expected ${sizeBytes}.`,
        });
    }
    return manifest;
  }
}

const described = <F extends string>(file: F, bytes: Uint8Array) => ({
  file,
  sha256: fingerprint(bytes),
  sizeBytes: bytes.byteLength,
});

const filesOf = (manifest: ModelManifest) =>
  manifest.parameters ? [manifest.encoder, manifest.parameters] : [manifest.encoder];

function parsed(modelId: string, text: string): ModelManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError('MODEL_DAMAGED', { modelId, why: 'its manifest is not JSON.' }, { cause });
  }
  const result = ModelManifest.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new AppError('MODEL_DAMAGED', {
      modelId,
      why: `its manifest does not fit: ${issue?.path.join('.')}: ${issue?.message}`,
    });
  }
  if (result.data.modelId !== modelId)
    throw new AppError('MODEL_DAMAGED', { modelId, why: `its manifest is that of model ${result.data.modelId}.` });
  return result.data;
}

/** A folder that is no (whole) model is passed over; a disk that can't be read is not. */
function onlyUnusable(cause: unknown): undefined {
  if (cause instanceof AppError && (cause.code === 'MODEL_DAMAGED' || cause.code === 'MODEL_NOT_FOUND')) return;
  throw cause;
}

const codeOf = (cause: unknown): unknown => (cause as { code?: unknown } | null)?.code;
const isMissing = (cause: unknown): boolean => codeOf(cause) === 'ENOENT' || codeOf(cause) === 'ENOTDIR';

/** What renaming onto a name that is taken fails with: by a folder that holds something, or by a file. */
const isOccupied = (cause: unknown): boolean =>
  (cause as { syscall?: unknown } | null)?.syscall === 'rename' &&
  ['EEXIST', 'ENOTEMPTY', 'ENOTDIR'].includes(String(codeOf(cause)));
