import { expect, it } from 'vitest';
import { AppError } from '../../src/errors.js';
import { createEmbedders } from '../../src/indexing/embedders.js';
import { createEncoderEmbedder } from '../../src/indexing/encoder-embedder.js';
import { BROKEN, LinearEncoder, PICTURE_BYTES, seededPicture } from './small-world.js';

const prepare = async (bytes: Uint8Array): Promise<Uint8Array> => {
  if (bytes[0] === 255) throw new AppError('PICTURE_UNREADABLE', { why: 'broken' });
  return bytes;
};
const embedderOf = (encoder: LinearEncoder) =>
  createEncoderEmbedder({ modelId: 'm', encoder, prepare, concurrency: 8 });
const pictures = Array.from({ length: 100 }, (_, i) => seededPicture(i));

it('gives each original the vector that the encoder gives it alone, in order', async () => {
  const due = await Promise.all(pictures.map(async (picture) => (await new LinearEncoder(1).encode([picture]))[0]));
  expect(await embedderOf(new LinearEncoder(1)).embed(pictures)).toEqual(due);
});

it('answers a picture that can not be read with its error, beside the vectors of the others', async () => {
  const [first, bad, last] = await embedderOf(new LinearEncoder(1)).embed([pictures[0]!, BROKEN, pictures[1]!]);
  expect(bad).toMatchObject({ code: 'PICTURE_UNREADABLE' });
  expect([first, last].every((vector) => vector instanceof Float32Array)).toBe(true);
});

it('turns an unforeseen failure of the preparation into the same kind of answer', async () => {
  const encoder = new LinearEncoder(1);
  const embedder = createEncoderEmbedder({
    modelId: 'm',
    encoder,
    prepare: async () => {
      throw new Error('decoder fell over');
    },
  });
  expect(await embedder.embed([BROKEN])).toMatchObject([{ code: 'PICTURE_UNREADABLE' }]);
});

it('lets calls that come at the same time share batches of at most 32', async () => {
  const encoder = new LinearEncoder(1);
  const embedder = embedderOf(encoder);
  await Promise.all(pictures.map((picture) => embedder.embed([picture])));
  expect(encoder.batches.reduce((sum, count) => sum + count, 0)).toBe(100);
  expect(Math.max(...encoder.batches)).toBeLessThanOrEqual(32);
  expect(encoder.batches.length).toBeLessThan(30);
});

it('prepares no more than it may at the same time', async () => {
  let now = 0;
  let most = 0;
  const embedder = createEncoderEmbedder({
    modelId: 'm',
    encoder: new LinearEncoder(1),
    concurrency: 3,
    prepare: async (bytes) => {
      most = Math.max(most, ++now);
      await new Promise((resume) => setTimeout(resume, 1));
      now--;
      return bytes;
    },
  });
  await Promise.all([embedder.embed(pictures.slice(0, 20)), embedder.embed(pictures.slice(20, 40))]);
  expect(most).toBe(3);
});

/** A preparation that ends when the test says so, original by original. */
function byHand() {
  const begun: { end(): void; fail(): void }[] = [];
  const prepare = (bytes: Uint8Array) =>
    new Promise<Uint8Array>((end, fail) => {
      begun.push({ end: () => end(bytes), fail: () => fail(new AppError('PICTURE_UNREADABLE', { why: 'broken' })) });
    });
  return { begun, prepare };
}
const turn = () => new Promise((resume) => setTimeout(resume, 1));

it('runs the encoder for eight at a time while more of a call are prepared, and then for the rest', async () => {
  const encoder = new LinearEncoder(1);
  const { begun, prepare } = byHand();
  const embedded = createEncoderEmbedder({ modelId: 'm', encoder, prepare, concurrency: 20 }).embed(
    pictures.slice(0, 20),
  );
  for (let i = 0; i < 20; i++) {
    await turn();
    begun[i]!.end();
  }
  expect(await embedded).toHaveLength(20);
  expect(encoder.batches).toEqual([8, 8, 4]);
});

it('lets a lone query wait for no other call, and takes what is ready along', async () => {
  const encoder = new LinearEncoder(1);
  const { begun, prepare } = byHand();
  const embedder = createEncoderEmbedder({ modelId: 'm', encoder, prepare, concurrency: 20 });
  const many = embedder.embed(pictures.slice(0, 6));
  for (const { end } of begun.slice(0, 3)) end();
  await turn();
  expect(encoder.batches).toEqual([]);
  const lone = embedder.embed([pictures[50]!]);
  begun[6]!.end();
  expect(await lone).toHaveLength(1);
  expect(encoder.batches).toEqual([4]);
  for (const { end } of begun.slice(3, 6)) end();
  expect(await many).toHaveLength(6);
});

it('waits for none that turns out to be unreadable', async () => {
  const encoder = new LinearEncoder(1);
  const { begun, prepare } = byHand();
  const embedded = createEncoderEmbedder({ modelId: 'm', encoder, prepare }).embed(pictures.slice(0, 3));
  begun[0]!.end();
  begun[1]!.end();
  await turn();
  expect(encoder.batches).toEqual([]);
  begun[2]!.fail();
  expect((await embedded)[2]).toMatchObject({ code: 'PICTURE_UNREADABLE' });
  expect(encoder.batches).toEqual([2]);
});

it('fails the calls of a batch whose encoder fails, and goes on with the next', async () => {
  const encoder = new LinearEncoder(1);
  const encode = encoder.encode.bind(encoder);
  let failures = 1;
  encoder.encode = async (samples) => {
    if (failures-- > 0) throw new Error('out of memory');
    return encode(samples);
  };
  const embedder = embedderOf(encoder);
  await expect(embedder.embed([pictures[0]!])).rejects.toThrow('out of memory');
  expect(await embedder.embed([pictures[0]!])).toHaveLength(1);
});

it('keeps embedders open by model and closes those asked for longest ago', async () => {
  const opened = new Map<string, LinearEncoder>();
  const embedders = createEmbedders({
    keep: 2,
    defaultModelId: async () => 'a',
    open: async (modelId) => {
      if (modelId === 'none such') throw new AppError('MODEL_NOT_FOUND', { modelId });
      const encoder = new LinearEncoder(1, PICTURE_BYTES);
      opened.set(modelId, encoder);
      return createEncoderEmbedder({ modelId, encoder, prepare });
    },
  });
  const [a, again] = await Promise.all([embedders.get('a'), embedders.get('a')]);
  expect(a).toBe(again);
  await embedders.get('b');
  await embedders.get('a');
  await embedders.get('c');
  await new Promise((resume) => setTimeout(resume, 5));
  expect([...opened].filter(([, encoder]) => encoder.closed).map(([modelId]) => modelId)).toEqual(['b']);
  await expect(embedders.get('none such')).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  await embedders.close();
  expect([...opened.values()].every((encoder) => encoder.closed)).toBe(true);
});
