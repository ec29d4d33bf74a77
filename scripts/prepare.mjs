// After `npm ci`: builds the browser page where the tools for it are installed (they are not in `--omit=dev`).
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (existsSync('node_modules/vite') && existsSync('src/web/index.html')) {
  const built = spawnSync('npx', ['vite', 'build', '--logLevel', 'warn'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  process.exit(built.status ?? 1);
}
