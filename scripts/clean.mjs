// Before a build: what an earlier one left of files that are gone since would be packed too.
import { rmSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
