//! Keeps in the linked program what `wasm-split-cli` cuts it by. `frontend/tools/wasm-bindgen` removes it again.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-link-arg-bins=--emit-relocs");
}
