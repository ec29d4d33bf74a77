import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { Backbone } from '../app/backbone.js';
import { AppError } from '../errors.js';

/** The flags of `kindred train` that bring a network along. */
export interface BackboneFlags {
  readonly backbone?: string;
  readonly backboneLicence?: string;
  readonly backboneOutput?: string;
  readonly backboneTokens?: string;
  readonly backboneSize?: string;
  readonly backboneMean?: string;
  readonly backboneDeviation?: string;
  readonly backboneOrder?: string;
  readonly backboneFrozen?: boolean;
  readonly backboneRate?: string;
  readonly size?: string;
  readonly from?: string;
}

/** What a network that has learnt elsewhere needs otherwise than a fresh one. */
const GENTLE = { learningRate: 3e-4, firstLayerRate: 0.1 } as const;

export const addBackboneFlags = (command: Command): Command =>
  command
    .option('--backbone <file>', 'start from the network of an ONNX file, and adapt it to these pictures')
    .option('--backbone-licence <spdx>', 'its licence, for the manifest: needed')
    .option('--backbone-frozen', 'leave it as it is, and learn only what comes behind it')
    .option('--backbone-rate <x>', 'share of the learning rate at its first layer, rising to 1 at its end (0.1)')
    .option('--backbone-output <name>', 'value of its graph to take as features (its first output)')
    .option('--backbone-tokens <which>', 'where it gives tokens: first or mean (first)')
    .option('--backbone-size <pixels>', 'side of the square it takes, where the file leaves that open')
    .option('--backbone-mean <x>', 'what it takes off pixels from 0 to 1: a number, or three with commas (ImageNet)')
    .option('--backbone-deviation <x>', 'what it divides them by (ImageNet)')
    .option('--backbone-order <order>', 'order of its channels: rgb or bgr (rgb)');

/** @throws AppError BACKBONE_INVALID where the file can't be read or its licence is not said */
export async function readBackboneFlags(
  flags: BackboneFlags,
): Promise<{ backbone: Backbone; settings: Readonly<Record<string, unknown>> } | undefined> {
  const { backbone: path, backboneLicence: licence } = flags;
  if (path === undefined) return undefined;
  if (flags.from !== undefined)
    throw new AppError('SETTINGS_INVALID', {
      why: '✖ Training starts from a model (--from) or from a backbone, not both.',
    });
  if (!licence?.trim())
    throw new AppError('BACKBONE_INVALID', {
      why: 'its licence is not said: --backbone-licence, an SPDX name such as Apache-2.0, or LicenseRef-… for another',
    });
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new AppError('BACKBONE_INVALID', { why: `${path} can't be read: ${(cause as Error).message}` }, { cause });
  });
  const list = (text: string | undefined) => text?.split(',').map(Number);
  const size = flags.backboneSize ?? flags.size;
  const options = {
    output: flags.backboneOutput,
    tokens: flags.backboneTokens,
    order: flags.backboneOrder,
    size: size === undefined ? undefined : Number(size),
    mean: list(flags.backboneMean),
    deviation: list(flags.backboneDeviation),
  };
  const learning = flags.backboneFrozen
    ? { frozen: true }
    : { ...GENTLE, ...(flags.backboneRate !== undefined && { firstLayerRate: Number(flags.backboneRate) }) };
  return { backbone: { bytes, name: basename(path), licence: licence.trim(), options }, settings: learning };
}
