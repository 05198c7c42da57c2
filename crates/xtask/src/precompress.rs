//! Compressing what is served, once, as hard as it goes.

use anyhow::Result;
use std::fs;
use std::io::Write;
use std::path::Path;

const ALREADY_COMPRESSED: &[&str] = &["br", "gz", "png", "woff2", "ogg", "mp3"];

/// Leaves a `.br` and a `.gz` beside every file below `folder`.
pub(crate) fn folder(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            self::folder(&path)?;
            continue;
        }
        let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        if ALREADY_COMPRESSED.contains(&extension.as_str()) {
            continue;
        }
        let bytes = fs::read(&path)?;
        fs::write(path.with_extension(format!("{extension}.br")), brotli(&bytes)?)?;
        fs::write(path.with_extension(format!("{extension}.gz")), gzip(&bytes)?)?;
    }
    Ok(())
}

/// Brotli at quality 11 with a 4 MiB window.
pub(crate) fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &*bytes, &mut out, &params)?;
    Ok(out)
}

/// Gzip at level 9.
pub(crate) fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}
