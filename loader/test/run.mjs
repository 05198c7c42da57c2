// Bundles every *.test.ts of this folder and gives them to node's own test runner.
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { minifiedCss } from '../css.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(here, '../node_modules/.cache/ringlet-tests');
rmSync(out, { recursive: true, force: true });

await build({
  entryPoints: readdirSync(here)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(here, name)),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'es2022',
  sourcemap: 'inline',
  external: ['happy-dom'],
  plugins: [minifiedCss],
  define: { FIXTURES: JSON.stringify(resolve(here, '../../crates/contract/fixtures')) },
});

const files = readdirSync(out).map((name) => join(out, name));
const { status } = spawnSync(process.execPath, ['--enable-source-maps', '--test', ...files], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
