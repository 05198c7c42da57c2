// Configuration files with names between at-signs to fill in.

import fs from "node:fs";

/** Reads a template and fills it; a name without a value is an error. */
export function fillTemplate(file, values) {
  return fs.readFileSync(file, "utf8").replace(/@([A-Z_]+)@/g, (_, key) => {
    if (values[key] === undefined) throw new Error(`no value for @${key}@ in ${file}`);
    return values[key];
  });
}

/** The first of these folders that exists. */
export function firstFolder(...folders) {
  const found = folders.find((folder) => fs.existsSync(folder));
  if (!found) throw new Error(`none of these exists: ${folders.join(", ")}`);
  return found;
}
