//! Shapes for the loader's guards, from the TypeScript types that ts-rs wrote.
//!
//! A shape is what `loader/src/shape.ts` can check at run time. It is read from the generated types,
//! so that a message is declared once, in `crates/contract`:
//!
//! | type | shape |
//! |---|---|
//! | `{ callId: string, muted: boolean, note?: string, }` | `"callId muted:boolean note?"` |
//! | `{ "type": "event", "data": EventMessage } \| …` | `["type", "data", "event:EventMessage …"]` |
//! | `"inbound" \| "outbound"` | a string: a newer phone may know more words |

use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;
use std::path::Path;

/// What the loader's guards check; what these mention comes along.
const ROOTS: &[&str] = &["Announce", "Branding", "ErrorBody", "Header", "HelloAck", "ToLoader"];

/// Passed on to the page unread.
const OPAQUE: &[&str] = &["Diagnostics"];

/// Unions whose contents are passed on to the page unread, whatever their tag.
const OPAQUE_CONTENTS: &[&str] = &["HostEvent"];

/// The text of `shapes.ts` for the types declared in the folder's files.
pub(super) fn from_types(folder: &Path) -> Result<String> {
    let mut text = String::new();
    for file in std::fs::read_dir(folder)? {
        text.push_str(&std::fs::read_to_string(file?.path())?);
    }
    write(&declarations(&text)?)
}

/// A declared type, as far as shapes tell types apart.
#[derive(Debug, PartialEq)]
enum Type {
    /// Field name, with `?` when it is optional, and the field's type.
    Object(Vec<(String, String)>),
    /// The fields of tag and content, and the content's type for each tag.
    Tagged { tag: String, content: String, cases: Vec<(String, String)> },
    /// One of several words.
    Words,
    /// Anything else that is an object.
    Other,
}

fn declarations(text: &str) -> Result<BTreeMap<String, Type>> {
    let text = without_comments(text);
    let mut types = BTreeMap::new();
    for declaration in text.split("export type ").skip(1) {
        let (name, body) = declaration.split_once('=').context("a type without a body")?;
        let (body, _) = body.split_once(';').context("a type without an end")?;
        types.insert(name.trim().to_owned(), read(body.trim()).context(name.to_owned())?);
    }
    Ok(types)
}

fn without_comments(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    while let Some((before, after)) = rest.split_once("/**") {
        kept.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    kept + rest
}

fn read(body: &str) -> Result<Type> {
    let alternatives: Vec<&str> = body.split(" | ").collect();
    if alternatives.iter().all(|one| one.starts_with('"')) {
        return Ok(Type::Words);
    }
    if !body.starts_with('{') {
        return Ok(Type::Other);
    }
    if alternatives.iter().all(|one| one.starts_with("{ \"")) {
        return tagged(&alternatives);
    }
    let fields = fields(body)?;
    Ok(Type::Object(fields))
}

fn tagged(alternatives: &[&str]) -> Result<Type> {
    let mut names = None;
    let mut cases = Vec::new();
    for one in alternatives {
        let fields = fields(one)?;
        let [(tag, word), (content, kind)] = fields.as_slice() else {
            bail!("not a tag and a content: {one}");
        };
        let unquoted = |text: &str| text.trim_matches('"').to_owned();
        let here = (unquoted(tag), unquoted(content));
        ensure!(*names.get_or_insert(here.clone()) == here, "a second tag: {one}");
        cases.push((unquoted(word), kind.clone()));
    }
    let (tag, content) = names.context("no alternative")?;
    Ok(Type::Tagged { tag, content, cases })
}

/// The fields between braces. No type that ts-rs writes inside them has a comma but `Record`.
fn fields(object: &str) -> Result<Vec<(String, String)>> {
    let inside = object.trim_start_matches('{').trim_end_matches('}');
    let fields = inside.split(',').map(str::trim).filter(|field| !field.is_empty());
    fields
        .map(|field| {
            let (name, kind) = field.split_once(':').with_context(|| field.to_owned())?;
            Ok((name.trim().to_owned(), kind.trim().to_owned()))
        })
        .collect()
}

fn write(types: &BTreeMap<String, Type>) -> Result<String> {
    let mut shapes = BTreeMap::new();
    let mut wanted: Vec<String> = ROOTS.iter().map(|&name| name.to_owned()).collect();
    while let Some(name) = wanted.pop() {
        if shapes.contains_key(&name) {
            continue;
        }
        let shape = match types.get(&name).with_context(|| format!("no type {name}"))? {
            Type::Object(fields) => format!("'{}'", list(fields, types, &mut wanted)?),
            Type::Tagged { tag, content, cases } if OPAQUE_CONTENTS.contains(&name.as_str()) => {
                let cases: Vec<_> =
                    cases.iter().map(|(word, _)| format!("{word}:object")).collect();
                format!("['{tag}', '{content}', '{}']", cases.join(" "))
            }
            Type::Tagged { tag, content, cases } => {
                format!("['{tag}', '{content}', '{}']", list(cases, types, &mut wanted)?)
            }
            Type::Words | Type::Other => bail!("{name} has no shape"),
        };
        shapes.insert(name, shape);
    }
    let mut text = String::from(
        "// Written by `cargo xtask codegen` from crates/contract; do not edit.\n\
         \n\
         /** What arrives from the phone and from the server; shape.ts says how to read it. */\n\
         export const shapes = {\n",
    );
    for (name, shape) in shapes {
        text.push_str(&format!("  {name}: {shape},\n"));
    }
    text.push_str("} as const;\n");
    Ok(text)
}

/// Fields as a shape lists them; adds what they mention to what is `wanted`.
fn list(
    fields: &[(String, String)],
    types: &BTreeMap<String, Type>,
    wanted: &mut Vec<String>,
) -> Result<String> {
    let mut listed = Vec::new();
    for (name, kind) in fields {
        let kinds: Vec<String> =
            kind.split(" | ").map(|one| kind_of(one, types, wanted)).collect::<Result<_>>()?;
        let (name, mark) = name.strip_suffix('?').map_or((name.as_str(), ""), |name| (name, "?"));
        listed.push(match kinds.join("|").as_str() {
            "string" => format!("{name}{mark}"),
            kinds => format!("{name}:{kinds}{mark}"),
        });
    }
    Ok(listed.join(" "))
}

fn kind_of(kind: &str, types: &BTreeMap<String, Type>, wanted: &mut Vec<String>) -> Result<String> {
    if let "string" | "number" | "boolean" | "null" = kind {
        return Ok(kind.to_owned());
    }
    if let Some(item) = kind.strip_prefix("Array<").and_then(|item| item.strip_suffix('>')) {
        return Ok(format!("{}[]", kind_of(item, types, wanted)?));
    }
    if OPAQUE.contains(&kind) {
        return Ok("object".to_owned());
    }
    Ok(match types.get(kind).with_context(|| format!("no type {kind}"))? {
        Type::Object(_) | Type::Tagged { .. } => {
            wanted.push(kind.to_owned());
            kind.to_owned()
        }
        Type::Words => "string".to_owned(),
        Type::Other => "object".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPES: &str = r#"
// This file was generated by [ts-rs]. Do not edit this file manually.
import type { Direction } from "./event.js";

/**
 * What the phone says; a comment with `=`, `;` and { braces }.
 */
export type ToLoader = { "type": "event", "data": Header } | { "type": "list", "data": ErrorBody } | { "type": "news", "data": HostEvent };
export type HostEvent = { "name": "odd", "payload": Unwanted } | { "name": "end", "payload": Unwanted };

export type Header = {
/**
 * Unique.
 */
id: string, replyTo?: string, v: number, };

export type ErrorBody = { direction: Direction, note: string | null, words: Array<string>,
headers: Array<Header>, more?: Diagnostics, nothing: Nothing, };

export type Direction = "inbound" | "outbound";
export type Nothing = Record<string, never>;
export type HelloAck = { nonce: string, };
export type Announce = { nonce: string, };
export type Branding = { displayName: string, };
export type Unwanted = { odd: boolean, };
export type Diagnostics = { version: string, };
"#;

    #[test]
    fn every_root_and_what_it_mentions_gets_a_shape() {
        let written = write(&declarations(TYPES).expect("read")).expect("written");
        let shapes: Vec<&str> = written.lines().filter(|line| line.starts_with("  ")).collect();
        assert_eq!(
            shapes,
            [
                "  Announce: 'nonce',",
                "  Branding: 'displayName',",
                "  ErrorBody: 'direction note:string|null words:string[] headers:Header[] \
                 more:object? nothing:object',",
                "  Header: 'id replyTo? v:number',",
                "  HelloAck: 'nonce',",
                "  HostEvent: ['name', 'payload', 'odd:object end:object'],",
                "  ToLoader: ['type', 'data', 'event:Header list:ErrorBody news:HostEvent'],",
            ]
        );
    }

    #[test]
    fn a_type_that_is_missing_or_cannot_be_told_is_an_error() {
        for (from, to) in [
            ("note: string | null", "note: Unknown"),
            ("export type HelloAck", "export type Renamed"),
            (
                "{ \"type\": \"list\", \"data\": ErrorBody }",
                "{ \"kind\": \"list\", \"data\": ErrorBody }",
            ),
        ] {
            assert!(TYPES.contains(from));
            let written = declarations(&TYPES.replace(from, to)).and_then(|types| write(&types));
            assert!(written.is_err(), "{to}");
        }
    }
}
