//! The built files: loader, phone, demo page.
//!
//! `cargo xtask build` writes them to `dist/`, each with `.br` and `.gz` beside it. A release build
//! carries them inside; a debug build reads them from there when it starts. Either way they are
//! held in memory by name, so that no request touches the file system.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::HashMap;
use std::io;
use std::path::Path;

/// The loader's file.
pub(crate) const LOADER: &str = "loader.js";

/// The phone's page.
pub(crate) const PHONE: &str = "app/index.html";

#[derive(RustEmbed)]
#[folder = "../../dist/"]
#[allow_missing = true]
struct Dist;

/// The files are not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this binary has no phone inside ({0} is missing): run `cargo xtask build`, then build it again"
)]
pub struct NotBuilt(&'static str);

/// Every file that is served, by its path below `dist/`.
#[derive(Clone, Debug)]
pub struct Assets {
    files: HashMap<String, Asset>,
}

impl Assets {
    /// The files this binary was built with.
    ///
    /// # Errors
    ///
    /// [`NotBuilt`] when `cargo xtask build` had not been run.
    pub fn embedded() -> Result<Self, NotBuilt> {
        let files = Dist::iter().filter_map(|name| {
            let bytes = match Dist::get(&name)?.data {
                Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                Cow::Owned(bytes) => bytes.into(),
            };
            Some((name.into_owned(), bytes))
        });
        let assets = Self::collect(files.collect());
        for needed in [LOADER, PHONE] {
            assets.get(needed).ok_or(NotBuilt(needed))?;
        }
        Ok(assets)
    }

    /// The files below a folder, laid out like `dist/`.
    ///
    /// # Errors
    ///
    /// What the operating system says when the folder cannot be read.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let mut files = HashMap::new();
        read_folder(folder, "", &mut files)?;
        Ok(Self::collect(files))
    }

    /// The file at a path like `assets/app-1f3a.js`.
    pub(crate) fn get(&self, path: &str) -> Option<&Asset> {
        self.files.get(path)
    }

    fn collect(mut files: HashMap<String, Bytes>) -> Self {
        let names: Vec<_> =
            files.keys().filter(|name| !is_compressed(name, &files)).cloned().collect();
        let asset = |name: String| {
            let variant = |bytes: Bytes| Variant { etag: etag(&bytes), bytes };
            let brotli = files.remove(&format!("{name}.br")).map(variant);
            let gzip = files.remove(&format!("{name}.gz")).map(variant);
            let plain = variant(files.remove(&name)?);
            let asset = Asset { content_type: content_type(&name), plain, brotli, gzip };
            Some((name, asset))
        };
        Self { files: names.into_iter().filter_map(asset).collect() }
    }
}

fn is_compressed(name: &str, files: &HashMap<String, Bytes>) -> bool {
    let plain = name.strip_suffix(".br").or_else(|| name.strip_suffix(".gz"));
    plain.is_some_and(|plain| files.contains_key(plain))
}

fn read_folder(folder: &Path, prefix: &str, files: &mut HashMap<String, Bytes>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read_folder(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.insert(name, std::fs::read(entry.path())?.into());
        }
    }
    Ok(())
}

/// One file in the encodings it was built in.
#[derive(Clone, Debug)]
pub(crate) struct Asset {
    content_type: &'static str,
    plain: Variant,
    brotli: Option<Variant>,
    gzip: Option<Variant>,
}

#[derive(Clone, Debug)]
struct Variant {
    bytes: Bytes,
    etag: HeaderValue,
}

impl Asset {
    /// The file as it was before it was compressed.
    pub(crate) fn bytes(&self) -> &Bytes {
        &self.plain.bytes
    }

    /// A file of the same type with other content, in one encoding.
    pub(crate) fn with_bytes(&self, bytes: Bytes) -> Self {
        let plain = Variant { etag: etag(&bytes), bytes };
        Self { content_type: self.content_type, plain, brotli: None, gzip: None }
    }

    /// The smallest form the client takes, or 304 when it has that already.
    pub(crate) fn respond(&self, request: &HeaderMap) -> Response {
        let (encoding, variant) = self.choose(request);
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        headers.insert(header::ETAG, variant.etag.clone());
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if holds(request, &variant.etag) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        *response.body_mut() = Body::from(variant.bytes.clone());
        response
    }

    fn choose(&self, request: &HeaderMap) -> (Option<&'static str>, &Variant) {
        if let Some(brotli) = self.brotli.as_ref().filter(|_| accepts(request, "br")) {
            (Some("br"), brotli)
        } else if let Some(gzip) = self.gzip.as_ref().filter(|_| accepts(request, "gzip")) {
            (Some("gzip"), gzip)
        } else {
            (None, &self.plain)
        }
    }
}

/// Whether `Accept-Encoding` allows the coding (RFC 9110 section 12.5.3). Among those allowed the
/// smallest is served, whatever the client's weights: all of them cost it next to nothing.
fn accepts(request: &HeaderMap, coding: &str) -> bool {
    let mut by_star = false;
    for value in request.get_all(header::ACCEPT_ENCODING) {
        for item in value.to_str().unwrap_or_default().split(',') {
            let mut parts = item.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let refused = parts.any(|parameter| {
                let weight = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="));
                weight.is_some_and(|weight| weight.parse() == Ok(0.0_f32))
            });
            if name.eq_ignore_ascii_case(coding) {
                return !refused;
            }
            by_star |= name == "*" && !refused;
        }
    }
    by_star
}

fn holds(request: &HeaderMap, etag: &HeaderValue) -> bool {
    request.get_all(header::IF_NONE_MATCH).iter().any(|value| {
        value.to_str().unwrap_or_default().split(',').map(str::trim).any(|held| {
            held == "*" || held.strip_prefix("W/").unwrap_or(held).as_bytes() == etag.as_bytes()
        })
    })
}

fn etag(bytes: &[u8]) -> HeaderValue {
    let hash = Sha256::digest(bytes);
    let hex: String = hash[..12].iter().map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::from_str(&format!("\"{hex}\"")).expect("hexadecimal digits are visible ASCII")
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        // Anything else, and the browser refuses to compile while it loads.
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "mp3" => "audio/mpeg",
        "ogg" | "opus" => "audio/ogg",
        "wav" => "audio/wav",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(accept_encoding: &str) -> HeaderMap {
        let value = HeaderValue::from_str(accept_encoding).expect("header");
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, value)])
    }

    #[test]
    fn a_coding_is_accepted_as_rfc_9110_says() {
        for (header, brotli, gzip) in [
            ("gzip, deflate, br, zstd", true, true),
            ("gzip", false, true),
            ("br;q=0, gzip;q=0.5", false, true),
            ("BR ; q=1.0", true, false),
            ("*", true, true),
            ("*;q=0", false, false),
            ("*, br;q=0.000", false, true),
            ("identity", false, false),
            ("", false, false),
            ("brotli", false, false),
        ] {
            let request = request(header);
            assert_eq!(
                (accepts(&request, "br"), accepts(&request, "gzip")),
                (brotli, gzip),
                "{header}"
            );
        }
        assert!(!accepts(&HeaderMap::new(), "br"));
    }

    #[test]
    fn compressed_siblings_belong_to_their_file_and_are_not_files_themselves() {
        let bytes = |text: &'static str| Bytes::from_static(text.as_bytes());
        let assets = Assets::collect(HashMap::from([
            ("assets/a.js".into(), bytes("plain")),
            ("assets/a.js.br".into(), bytes("brotli")),
            ("assets/a.js.gz".into(), bytes("gzip")),
            ("assets/lonely.gz".into(), bytes("archive")),
        ]));
        assert_eq!(assets.files.len(), 2);
        let a = assets.get("assets/a.js").expect("there");
        assert_eq!(a.choose(&request("gzip, br")).1.bytes, "brotli");
        assert_eq!(a.choose(&request("gzip")).1.bytes, "gzip");
        assert_eq!(a.choose(&HeaderMap::new()).1.bytes, "plain");
        assert_eq!(assets.get("assets/lonely.gz").expect("there").choose(&request("gzip")).0, None);
    }

    #[test]
    fn what_the_client_holds_is_not_sent_again() {
        let plain = Variant { etag: etag(b"x"), bytes: Bytes::from_static(b"x") };
        let asset = Asset { content_type: "text/plain", plain, brotli: None, gzip: None };
        let held = asset.plain.etag.to_str().expect("text").to_owned();
        for (header, status) in [
            (held.clone(), StatusCode::NOT_MODIFIED),
            (format!("\"other\", W/{held}"), StatusCode::NOT_MODIFIED),
            ("*".into(), StatusCode::NOT_MODIFIED),
            ("\"other\"".into(), StatusCode::OK),
        ] {
            let value = HeaderValue::from_str(&header).expect("header");
            let request = HeaderMap::from_iter([(header::IF_NONE_MATCH, value)]);
            assert_eq!(asset.respond(&request).status(), status, "{header}");
        }
    }
}
