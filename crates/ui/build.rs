//! Turns `locales/en.json` into one function per text, so that a text that does not exist cannot
//! be asked for, a placeholder cannot be forgotten, and a text that nobody asks for is reported.
//!
//! Any other file in `locales/` must have exactly the keys and placeholders of the English one.

use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=locales");
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR for build scripts");
    match generate(Path::new("locales")) {
        Ok(code) => fs::write(Path::new(&out).join("text.rs"), code).expect("OUT_DIR is writable"),
        Err(problem) => {
            println!("cargo::error={problem}");
        }
    }
}

/// One text: its key with dots, and the words.
pub(crate) type Entry = (String, String);

fn generate(folder: &Path) -> Result<String, String> {
    let english = read(&folder.join("en.json"))?;
    let files = fs::read_dir(folder).map_err(|e| format!("locales: {e}"))?;
    for file in files {
        let path = file.map_err(|e| format!("locales: {e}"))?.path();
        let other = read(&path)?;
        compare(&english, &other).map_err(|problem| format!("{}: {problem}", path.display()))?;
    }
    Ok(code(&english))
}

fn read(path: &Path) -> Result<Vec<Entry>, String> {
    let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    entries(&text).map_err(|problem| format!("{}: {problem}", path.display()))
}

/// Reads a locale file: objects within objects, words at the leaves.
pub(crate) fn entries(json: &str) -> Result<Vec<Entry>, String> {
    let value: Value = serde_json::from_str(json).map_err(|e| e.to_string())?;
    let mut found = Vec::new();
    collect("", &value, &mut found)?;
    found.sort();
    Ok(found)
}

fn collect(prefix: &str, value: &Value, found: &mut Vec<Entry>) -> Result<(), String> {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
                    return Err(format!("{prefix}{name}: a key is lower-case letters and _"));
                }
                match member {
                    Value::String(words) => found.push((format!("{prefix}{name}"), words.clone())),
                    _ => collect(&format!("{prefix}{name}."), member, found)?,
                }
            }
            Ok(())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err(format!("{prefix}: words or an object of them are expected"))
        }
    }
}

/// Says what a translation lacks, or has too much, beside the English file.
pub(crate) fn compare(english: &[Entry], other: &[Entry]) -> Result<(), String> {
    for (key, words) in english {
        let (_, translated) = other
            .iter()
            .find(|(candidate, _)| candidate == key)
            .ok_or_else(|| format!("{key} is missing"))?;
        let (mut wanted, mut given) = (placeholders(words)?, placeholders(translated)?);
        wanted.sort();
        given.sort();
        if wanted != given {
            return Err(format!("{key} has {given:?} where {wanted:?} is expected"));
        }
    }
    match other.iter().find(|(key, _)| english.iter().all(|(known, _)| known != key)) {
        Some((key, _)) => Err(format!("{key} does not exist in en.json")),
        None => Ok(()),
    }
}

/// The names in braces, in order, each once.
fn placeholders(words: &str) -> Result<Vec<&str>, String> {
    let mut names = Vec::new();
    for part in words.split('{').skip(1) {
        let (name, _) = part.split_once('}').ok_or_else(|| format!("{words}: a brace is open"))?;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

/// The Rust module: a table, and a function per text that reads it.
pub(crate) fn code(english: &[Entry]) -> String {
    let mut table = String::new();
    let mut functions = String::new();
    for (index, (key, words)) in english.iter().enumerate() {
        let name = key.replace('.', "_");
        let names = placeholders(words).unwrap_or_default();
        let _ = writeln!(table, "    {words:?},");
        let _ = writeln!(functions, "/// “{words}”");
        if names.is_empty() {
            let _ = writeln!(
                functions,
                "pub(crate) fn {name}() -> &'static str {{\n    get({index})\n}}\n"
            );
        } else {
            let parameters = names.iter().map(|n| format!("{n}: &str")).collect::<Vec<_>>();
            let pairs = names.iter().map(|n| format!("(\"{{{n}}}\", {n})")).collect::<Vec<_>>();
            let _ = writeln!(
                functions,
                "pub(crate) fn {name}({}) -> String {{\n    fill(get({index}), &[{}])\n}}\n",
                parameters.join(", "),
                pairs.join(", ")
            );
        }
    }
    format!("static ENGLISH: [&str; {}] = [\n{table}];\n\n{functions}", english.len())
}
