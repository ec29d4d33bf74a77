import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { publishDirectory } from '../../core/atomic-files.js';
import { fingerprint, fingerprintFile } from '../../core/fingerprint.js';
import { AppError } from '../../errors.js';
import { type BehaviourModel, behaviourModel } from './behaviour-model.js';
import type { FittedBehaviour } from './fit-behaviour.js';
import { type Parts, type Ranker, sameForAll, theScores } from './source.js';
import { SOURCES, type SourceName } from './sources/index.js';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What a behaviour model's directory says of itself: `manifest.json`. Never changed once published. */
export const BehaviourManifest = z.object({
  behaviourId: z.string().min(1),
  collection: z.string().min(1),
  createdAt: z.string(),
  /** Events in order of arrival up to this place were read. */
  place: z.number().int().nonnegative(),
  /** Events that said something, those who had them, and the items they were on. */
  events: z.number().int().nonnegative(),
  people: z.number().int().nonnegative(),
  items: z.number().int().nonnegative(),
  /** What an event of each kind said. */
  kindWeights: z.record(z.string(), z.number()),
  blend: z.object({
    weights: z.record(z.string(), z.number()),
    learnt: z.boolean(),
    /** Mean NDCG@10 on events that were held back. */
    unseen: z.object({ plainSum: z.number(), single: z.number(), learnt: z.number() }).optional(),
  }),
  /** Where each array stands in `parts.bin`, in bytes, and how many numbers it has. Little-endian. */
  arrays: z.array(
    z.object({
      feature: z.string(),
      part: z.string(),
      type: z.enum(['f32', 'u32']),
      offset: z.number().int().nonnegative().multipleOf(4),
      length: z.number().int().nonnegative(),
    }),
  ),
  sha256: z.object({ 'parts.bin': Sha256, 'items.json': Sha256 }),
});
export type BehaviourManifest = z.output<typeof BehaviourManifest>;

/** Ids name folders, so they are letters, digits, `-` and `_` only. */
export const BEHAVIOUR_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/**
 * Publishes what was learnt from events as one directory that never changes. It holds numbers about items, and no id of
 * anybody: whoever is forgotten later need not be taken out of it. `allowed` is asked right before it is visible.
 */
export async function publishBehaviour(
  folder: string,
  facts: Pick<
    BehaviourManifest,
    'behaviourId' | 'collection' | 'createdAt' | 'place' | 'events' | 'people' | 'kindWeights'
  >,
  content: FittedBehaviour & { readonly itemIds: readonly string[] },
  allowed: () => Promise<void>,
): Promise<BehaviourManifest> {
  const { blend, parts, itemIds } = content;
  const { arrays, bytes } = joined(parts);
  const items = JSON.stringify(itemIds);
  const manifest: BehaviourManifest = {
    ...facts,
    items: itemIds.length,
    blend,
    arrays,
    sha256: { 'parts.bin': fingerprint(bytes), 'items.json': fingerprint(items) },
  };
  await publishDirectory(
    folder,
    facts.behaviourId,
    async (draft) => {
      await writeFile(join(draft, 'parts.bin'), bytes);
      await writeFile(join(draft, 'items.json'), items);
      await writeFile(join(draft, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    },
    allowed,
  );
  return manifest;
}

/** All arrays behind each other; one that several features share stands there once. */
function joined(parts: ReadonlyMap<string, Parts>): Pick<BehaviourManifest, 'arrays'> & { bytes: Buffer } {
  const offsets = new Map<Float32Array | Uint32Array, number>();
  const arrays: BehaviourManifest['arrays'] = [];
  let sizeBytes = 0;
  for (const [feature, named] of parts) {
    for (const [part, array] of Object.entries(named)) {
      const offset = offsets.get(array) ?? sizeBytes;
      if (!offsets.has(array)) sizeBytes += array.byteLength;
      offsets.set(array, offset);
      arrays.push({ feature, part, type: array instanceof Float32Array ? 'f32' : 'u32', offset, length: array.length });
    }
  }
  const bytes = Buffer.alloc(sizeBytes);
  for (const [array, offset] of offsets)
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
  return { arrays, bytes };
}

const damaged = (behaviourId: string, why: string, cause?: unknown) =>
  new AppError('BEHAVIOUR_DAMAGED', { behaviourId, why }, { cause });

/** What a model says of itself; its other files are not looked at. Throws BEHAVIOUR_NOT_FOUND, BEHAVIOUR_DAMAGED. */
export async function readBehaviourManifest(folder: string, behaviourId: string): Promise<BehaviourManifest> {
  const at = join(folder, behaviourId);
  const there = BEHAVIOUR_ID.test(behaviourId) ? await stat(at).catch(() => undefined) : undefined;
  if (!there?.isDirectory()) throw new AppError('BEHAVIOUR_NOT_FOUND', { behaviourId });
  let manifest: BehaviourManifest;
  try {
    manifest = BehaviourManifest.parse(JSON.parse(await readFile(join(at, 'manifest.json'), 'utf8')));
  } catch (cause) {
    throw damaged(behaviourId, 'its manifest can not be read.', cause);
  }
  if (manifest.behaviourId !== behaviourId)
    throw damaged(behaviourId, `its manifest speaks of ${manifest.behaviourId}.`);
  return manifest;
}

/** Reads the manifest and checks every file against it. Throws BEHAVIOUR_NOT_FOUND, BEHAVIOUR_DAMAGED. */
export async function verifyBehaviour(folder: string, behaviourId: string): Promise<BehaviourManifest> {
  const manifest = await readBehaviourManifest(folder, behaviourId);
  for (const [name, sha256] of Object.entries(manifest.sha256)) {
    const found = await fingerprintFile(join(folder, behaviourId, name)).catch((cause: unknown) => {
      throw damaged(behaviourId, `its file ${name} is missing or can not be read.`, cause);
    });
    if (found !== sha256) throw damaged(behaviourId, `its file ${name} does not match its checksum.`);
  }
  return manifest;
}

/** A published model, ready to score. Throws BEHAVIOUR_NOT_FOUND, BEHAVIOUR_DAMAGED. */
export async function readBehaviour(folder: string, behaviourId: string): Promise<BehaviourModel> {
  const manifest = await verifyBehaviour(folder, behaviourId);
  try {
    const itemIds = z
      .array(z.string())
      .parse(JSON.parse(await readFile(join(folder, behaviourId, 'items.json'), 'utf8')));
    const file = await readFile(join(folder, behaviourId, 'parts.bin'));
    const bytes = new Uint8Array(file).buffer; // a copy that begins at 0: arrays need multiples of 4
    const byFeature = new Map<string, Record<string, Float32Array | Uint32Array>>();
    for (const { feature, part, type, offset, length } of manifest.arrays) {
      const named = byFeature.get(feature) ?? {};
      named[part] = type === 'f32' ? new Float32Array(bytes, offset, length) : new Uint32Array(bytes, offset, length);
      byFeature.set(feature, named);
    }
    const rankers = new Map([...byFeature].map(([name, parts]) => [name, loaded(name, parts)]));
    return behaviourModel(behaviourId, itemIds, manifest.blend, rankers);
  } catch (cause) {
    throw damaged(behaviourId, 'its files do not fit together.', cause);
  }
}

/** A stored source, or a fact that is the same for all. */
const loaded = (name: string, parts: Parts): Ranker =>
  SOURCES[name as SourceName]?.load?.(parts) ?? sameForAll(theScores(parts));
