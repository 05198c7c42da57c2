//! `cargo xtask …`: the project's commands. `cargo xtask help` lists them.

mod bench;
mod build;
mod codegen;
mod debian;
mod demo;
mod fuzz;
mod hash;
mod layers;
mod lint;
mod phone;
mod precompress;
mod run;
mod sizes;
mod test;
mod tools;

use anyhow::{Result, bail};

const USAGE: &str = "\
cargo xtask <command>

  demo [--port N]      set up what is missing, build, and serve a CRM page with a working phone
  build                build the loader, the phone and everything served into dist/
  test [suite]         run every suite, or one of: layers unit codegen wasm loader sizes ui e2e fuzz sip lint
  fuzz [target] [--seconds N]
                       look for bytes that break a parser or the agent; targets:
                       message headers bodies agent
  fuzz --replay        the committed corpus, without a fuzzer
  fuzz --merge [target]
                       put what was found into the corpus, as little of it as does
  bench [name]         measure, side by side with others; names: page sip
  fmt                  format everything
  lint                 formatting, clippy, dependency directions, licences
  codegen              generate the loader's TypeScript from crates/contract
";

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let rest = args.get(1..).unwrap_or_default();
    match args.first().map(String::as_str) {
        Some("demo") => demo::demo(rest),
        Some("build") => build::build(),
        Some("test") => test::test(rest.first().map(String::as_str)),
        Some("bench") => bench::bench(rest.first().map(String::as_str)),
        Some("fuzz") => fuzz::fuzz(rest),
        Some("fmt") => lint::format(),
        Some("lint") => lint::lint(),
        Some("codegen") => codegen::generate(),
        None | Some("help" | "--help" | "-h") => {
            run::say(USAGE);
            Ok(())
        }
        Some(other) => bail!("no command `{other}`\n\n{USAGE}"),
    }
}
