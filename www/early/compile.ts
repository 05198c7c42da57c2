import type { Early } from './early.js';

/**
 * Compiles the phone's program while its glue is on its way; the glue takes the module over when it starts.
 * The address is that of the page's own preload.
 */
export const compile = (early: Early): void => {
  const preload = document.querySelector<HTMLLinkElement>('link[as=fetch]');
  if (!preload) return;
  const module = WebAssembly.compileStreaming(fetch(preload.href));
  module.catch(() => {}); // The glue awaits it, and says so.
  early.module = module;
};
