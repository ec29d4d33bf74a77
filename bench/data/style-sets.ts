import type { EmojiStyle } from '../../src/cli/emoji-styles.js';

/** A set of drawings the shipped encoder may learn from: permissive or attribution licences, never share-alike. */
export interface StyleSet {
  readonly package: string;
  /** Fetched at exactly this version, so that the pool is the same tomorrow. */
  readonly version: string;
  /** The drawings are emoji under their English names: those of held-out codepoints must be found and left out. */
  readonly emoji: boolean;
}

/** The styles a checkout has anyway that may be trained on. OpenMoji is share-alike, and the style to judge on. */
export const TRAINING_STYLES: readonly EmojiStyle[] = ['fluent-3d', 'noto', 'twemoji', 'fluent-flat'];

/** Never here: openmoji and emojione-v1, which are CC-BY-SA-4.0. */
export const STYLE_SETS: readonly StyleSet[] = [
  { package: '@iconify-json/noto-v1', version: '1.2.5', emoji: true },
  { package: '@iconify-json/fxemoji', version: '1.2.2', emoji: true },
  { package: '@iconify-json/fluent-emoji', version: '1.2.7', emoji: true },
  { package: '@iconify-json/emojione', version: '1.2.3', emoji: true },
  { package: '@iconify-json/streamline-emojis', version: '1.2.4', emoji: true },
  { package: '@iconify-json/flat-color-icons', version: '1.2.3', emoji: false },
  { package: '@iconify-json/fluent-color', version: '1.2.21', emoji: false },
  { package: '@iconify-json/meteocons', version: '1.2.4', emoji: false },
  { package: '@iconify-json/material-icon-theme', version: '1.2.70', emoji: false },
  { package: '@iconify-json/vscode-icons', version: '1.2.97', emoji: false },
  { package: '@iconify-json/streamline-ultimate-color', version: '1.2.2', emoji: false },
  { package: '@iconify-json/streamline-freehand-color', version: '1.2.2', emoji: false },
];

/** Licences (SPDX) under which pictures may be trained on for what ships, with credit. */
export const TRAINING_LICENCES: readonly string[] = ['MIT', 'Apache-2.0', 'CC-BY-4.0'];
