//! Puts the browser bundle that Trunk built into the binary.
//!
//! `memory-serve` was weighed and left: it hashes file by file where the whole bundle needs one address (the script
//! names the WASM file itself), unpacks and recompresses everything at every start, and has no say in a release
//! build without a bundle. What is left to do is short: read, compress twice, write a table of `include_bytes!`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use sha2::{Digest, Sha256};

/// Without these there is no dashboard, or no help on the sign-up page.
const NEEDED: [&str; 9] = [
    "favicon.svg",
    "help.js",
    "help_bg.wasm",
    "icons.svg",
    "latchkey.css",
    "latchkey.js",
    "latchkey_bg.wasm",
    "parts.json",
    "public.css",
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=LATCHKEY_DIST");
    println!("cargo::rerun-if-env-changed=LATCHKEY_EMBED");

    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let forced = env::var("LATCHKEY_EMBED").is_ok_and(|value| !matches!(value.as_str(), "" | "0"));
    let release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let table = if forced || release {
        match embed(&dist(), &out) {
            Ok(table) => table,
            Err(message) => {
                println!("cargo::error={message}");
                return;
            }
        }
    } else {
        "pub const HASH: &str = \"\";\npub const FILES: &[super::Embedded] = &[];\n".to_owned()
    };
    fs::write(out.join("bundle.rs"), table).expect("cannot write to OUT_DIR");
}

fn dist() -> PathBuf {
    env::var_os("LATCHKEY_DIST").map_or_else(
        || Path::new(&env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../dist"),
        PathBuf::from,
    )
}

/// The table of the files in `dist`, which are compressed into `out`.
fn embed(dist: &Path, out: &Path) -> Result<String, String> {
    println!("cargo::rerun-if-changed={}", dist.display());
    let names = names(dist)?;
    if let Some(missing) = NEEDED.iter().find(|needed| !names.iter().any(|name| name == *needed)) {
        return Err(format!(
            "{}/{missing} is missing. A release build carries the browser bundle: build it first with `make bundle` \
             (`trunk build --release`), or run `make build`, which does both.",
            dist.display()
        ));
    }
    let mut hash = Sha256::new();
    let mut rows = String::new();
    for name in &names {
        let path = dist.join(name).canonicalize().map_err(|error| format!("{name}: {error}"))?;
        println!("cargo::rerun-if-changed={}", path.display());
        let bytes = fs::read(&path).map_err(|error| format!("{name}: {error}"))?;
        hash.update((name.len() as u64).to_le_bytes());
        hash.update(name);
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(&bytes);

        let compressible = matches!(extension(name), "css" | "js" | "json" | "svg" | "txt" | "wasm");
        let variant = |suffix: &str, compress: fn(&[u8]) -> Vec<u8>| {
            let packed = if compressible { compress(&bytes) } else { Vec::new() };
            // What does not get smaller is better sent as it is.
            if packed.is_empty() || packed.len() >= bytes.len() {
                return "None".to_owned();
            }
            let target = out.join(format!("{name}.{suffix}"));
            fs::write(&target, packed).expect("cannot write to OUT_DIR");
            format!("Some({})", include(&target))
        };
        let (brotli, gzip) = (variant("br", brotli), variant("gz", gzip));
        writeln!(
            rows,
            "    super::Embedded {{ name: {name:?}, plain: {}, brotli: {brotli}, gzip: {gzip} }},",
            include(&path)
        )
        .expect("writing to a string");
    }
    let hash = data_encoding::HEXLOWER.encode(&hash.finalize()[..8]);
    Ok(format!("pub const HASH: &str = {hash:?};\npub const FILES: &[super::Embedded] = &[\n{rows}];\n"))
}

/// Every file but Trunk's own page, which is never served.
fn names(dist: &Path) -> Result<Vec<String>, String> {
    let entries = fs::read_dir(dist).map_err(|error| {
        format!(
            "{}: {error}. A release build carries the browser bundle: build it first with `make bundle` (`trunk build \
             --release`), or run `make build`, which does both.",
            dist.display()
        )
    })?;
    let mut names: Vec<_> = entries
        .flatten()
        .filter(|entry| entry.path().is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.') && Path::new(name).extension().is_none_or(|kind| kind != "html"))
        .collect();
    names.sort();
    Ok(names)
}

/// The expression of a file's content.
fn include(path: &Path) -> String {
    let path = path.to_str().expect("a path in UTF-8: the source names it");
    format!("include_bytes!({path:?})")
}

fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 64 * 1024, 11, 22);
    writer.write_all(bytes).expect("writing to memory");
    drop(writer);
    packed
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes).expect("writing to memory");
    writer.finish().expect("writing to memory")
}
