import Table from 'cli-table3';
import pc from 'picocolors';

/** A table of answers; in colour only where somebody sees it, so that a file or a pipe gets plain text. */
export function createTable(head: readonly string[]): Table.Table {
  return new Table({ head: [...head], style: pc.isColorSupported ? {} : { head: [], border: [] } });
}
