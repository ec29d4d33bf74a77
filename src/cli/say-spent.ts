import type { ModelManifest } from '../registry/registry.js';
import type { Terminal } from './terminal.js';

const WORDS: Readonly<Record<string, string>> = {
  decode: 'preparing pictures',
  step: 'steps',
  views: 'waiting for views',
  save: 'saving',
  judge: 'probes',
};

/** Where the time of a training run went. */
export function saySpent(terminal: Terminal, { spent = {} }: Pick<ModelManifest, 'spent'>): void {
  const total = Object.values(spent).reduce((sum, seconds) => sum + seconds, 0);
  if (total === 0) return;
  const shares = Object.entries(spent).map(
    ([part, seconds]) => `${WORDS[part] ?? part} ${((100 * seconds) / total).toFixed(1)}%`,
  );
  terminal.say(`Of ${total.toFixed(0)} seconds: ${shares.join(', ')}.`);
}
