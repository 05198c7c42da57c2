// Starting other programs, reading what they say, and ending exactly those that were started.

import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { until, within } from "./wait.mjs";

export const TESTS = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
export const REPOSITORY = path.resolve(TESTS, "..");
const OUT = path.join(TESTS, "out");

/** The test file, which has its logs to itself: others run beside it. */
const FILE = path.basename(process.argv[1] ?? "", ".mjs");

const running = new Set();
const logs = new Set();
const folders = [];
process.on("exit", () => {
  for (const child of running) signalGroup(child, "SIGKILL");
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => process.exit(1));
}

/** A folder of its own for one program, gone when the tests end. */
export function freshDir(name) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), `ringlet-${name}-`));
  folders.push(dir);
  return dir;
}

/**
 * Starts a program in a fresh folder with its output in `tests/out/<test file>/<name>.log`; a second
 * one of the same name has `<name>-2.log`.
 *
 * `ready` is a pattern in the output, or an async probe; the returned promise resolves once it is
 * met, and rejects with the output when the program ends first or takes longer than `readyMs`.
 * With `commands`, `say(line)` writes to the program's standard input.
 */
export async function start({ name, command, args, cwd, env, ready, readyMs = 15_000, commands = false }) {
  const logFile = newLog(name);
  fs.writeFileSync(logFile, `$ ${command} ${args.join(" ")}\n`);
  const child = spawn(command, args, {
    cwd: cwd ?? freshDir(name),
    env: { ...process.env, ...env },
    stdio: [commands ? "pipe" : "ignore", "pipe", "pipe"],
    detached: true, // A group of its own, so that its children end with it.
  });
  running.add(child);

  let output = "";
  const keep = (chunk) => {
    output += chunk;
    fs.appendFileSync(logFile, chunk);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  let ended = null;
  const exited = new Promise((resolve) => {
    child.once("error", (error) => resolve((ended = `could not start: ${error.message}`)));
    child.once("exit", (code, signal) => resolve((ended = `ended with ${signal ?? code}`)));
  }).then((how) => {
    running.delete(child);
    return how;
  });

  const handle = {
    name,
    pid: child.pid,
    output: () => output,
    ended: () => ended,
    exited,
    say: (line) => child.stdin.write(`${line}\n`),
    async waitForOutput(pattern, timeoutMs = 10_000) {
      return until(`${pattern} from ${name}`, () => pattern.exec(output), { timeoutMs, everyMs: 20 });
    },
    async stop(signal = "SIGTERM") {
      if (ended) return;
      signalGroup(child, signal);
      try {
        await within(5_000, `the end of ${name}`, exited);
      } catch {
        signalGroup(child, "SIGKILL");
        await within(5_000, `the end of ${name} by force`, exited);
      }
    },
  };

  if (ready) {
    const met = ready instanceof RegExp ? () => ready.test(output) : ready;
    try {
      await until(`${name} to be ready`, async () => ended ?? (await met()), { timeoutMs: readyMs });
      if (ended) throw new Error(`${name} ${ended}`);
    } catch (error) {
      await handle.stop();
      throw new Error(`${error.message}\n--- ${logFile} ---\n${tail(output)}`);
    }
  }
  return handle;
}

function newLog(name) {
  const dir = path.join(OUT, FILE);
  fs.mkdirSync(dir, { recursive: true });
  let file = path.join(dir, `${name}.log`);
  for (let n = 2; logs.has(file); n += 1) file = path.join(dir, `${name}-${n}.log`);
  logs.add(file);
  return file;
}

/** A program of this project: named by the environment, or the newest build under `target/`. */
export function built(name, variable) {
  if (process.env[variable]) return process.env[variable];
  const found = ["debug", "release"]
    .map((profile) => path.join(REPOSITORY, "target", profile, name))
    .filter((file) => fs.existsSync(file))
    .sort((a, b) => fs.statSync(b).mtimeMs - fs.statSync(a).mtimeMs);
  if (found.length === 0) throw new Error(`${name} is not built; build it or set ${variable}`);
  return found[0];
}

/** The last lines of a program's output, for a failure's message. */
export function tail(text, lines = 60) {
  return text.split("\n").slice(-lines).join("\n");
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended already.
  }
}
