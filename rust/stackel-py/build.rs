//! Records compiler and target of the extension, for `stackel.build_info()`.

use std::env;
use std::process::Command;

fn main() {
    let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".to_string());
    let version = Command::new(rustc).arg("--version").output();
    let version = version
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok());
    let compiler = version.as_deref().map_or("unknown", str::trim);
    println!("cargo::rustc-env=STACKEL_COMPILER={compiler}");
    println!(
        "cargo::rustc-env=STACKEL_TARGET={}",
        env::var("TARGET").unwrap_or_default()
    );
    println!("cargo::rerun-if-changed=build.rs");
}
