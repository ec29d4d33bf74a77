import type { SkippedPicture } from '../images/picture-source.js';
import type { Terminal } from './terminal.js';

const NAMED = 10;

/** Says what was passed over and why: the first few by name, the rest by number. */
export function saySkipped(terminal: Terminal, skipped: readonly SkippedPicture[]): void {
  if (skipped.length === 0) return;
  terminal.say(`${skipped.length} ${skipped.length === 1 ? 'picture was' : 'pictures were'} skipped:`);
  for (const { name, code, why } of skipped.slice(0, NAMED)) terminal.say(`  ${name}: ${code}: ${why}`);
  if (skipped.length > NAMED) terminal.say(`  … and ${skipped.length - NAMED} more`);
}
