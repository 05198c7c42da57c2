// Builds the loader: `node build.mjs <folder>` writes loader.js, loader.mjs and their types there.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { minify } from 'terser';
import { minifiedCss } from './css.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] && resolve(process.argv[2]);
if (!out) {
  console.error('usage: node build.mjs <output folder>');
  process.exit(2);
}
mkdirSync(out, { recursive: true });

// esbuild bundles; terser minifies, because it comes out 4 % smaller than esbuild does.
const bundle = async (entry, format, name) => {
  const { outputFiles } = await build({
    entryPoints: [entry],
    absWorkingDir: here,
    bundle: true,
    write: false,
    format,
    target: 'es2022',
    charset: 'utf8',
    plugins: [minifiedCss],
  });
  const { code } = await minify(outputFiles[0].text, {
    ecma: 2022,
    module: format === 'esm',
    compress: { passes: 4, unsafe_arrows: true, keep_fargs: false },
    format: { comments: false },
  });
  writeFileSync(join(out, name), `${code}\n`);
};
await bundle('src/global.ts', 'iife', 'loader.js');
await bundle('src/index.ts', 'esm', 'loader.mjs');

const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
execFileSync(
  process.execPath,
  [tsc, '--project', join(here, 'tsconfig.types.json'), '--outDir', join(out, 'types')],
  { stdio: 'inherit' },
);
writeFileSync(join(out, 'index.d.ts'), "export * from './types/index.js';\n");
