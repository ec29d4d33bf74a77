import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'src/web',
  base: './',
  plugins: [preact()],
  build: { outDir: '../../dist/web', emptyOutDir: true, target: 'es2022' },
});
