import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Set by run.mjs: the folder that the Rust tests read too. */
declare const FIXTURES: string;

/** The fixtures whose names begin so, by name. */
export const fixtures = (prefix: string): Map<string, any> => {
  const found = new Map(
    readdirSync(FIXTURES)
      .filter((file) => file.startsWith(prefix))
      .map((file) => [file, JSON.parse(readFileSync(join(FIXTURES, file), 'utf8'))]),
  );
  if (!found.size) throw new Error(`no fixture begins with ${prefix}`);
  return found;
};

/** One fixture. */
export const fixture = (name: string): any => fixtures(`${name}.json`).get(`${name}.json`);
