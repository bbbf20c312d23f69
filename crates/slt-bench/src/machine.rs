//! What the figures were measured on.

use std::fmt;
use std::fs;

use serde::Serialize;
use slt_mlp::InstructionSet;

/// The machine, as far as it tells.
#[derive(Serialize)]
pub(crate) struct Machine {
    /// The processor's name for itself; `None` where there is no `/proc/cpuinfo` or it has none.
    cpu: Option<String>,
    /// Logical processors that this program may use.
    processors: usize,
    architecture: &'static str,
    system: &'static str,
    /// The instruction set that inference runs on.
    instructions: &'static str,
    /// The version of slt.
    version: &'static str,
}

impl Machine {
    pub(crate) fn detect() -> Self {
        Self {
            cpu: fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| value(&text, "model name")),
            processors: std::thread::available_parallelism().map_or(1, usize::from),
            architecture: std::env::consts::ARCH,
            system: std::env::consts::OS,
            instructions: InstructionSet::detect().name(),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cpu, processors, architecture, system, instructions, version } = self;
        let cpu = cpu.as_deref().unwrap_or("unnamed processor");
        write!(
            f,
            "{cpu}, {processors} logical processors, {system} {architecture}, instructions {instructions}, slt {version}"
        )
    }
}

/// The largest amount of memory that this program has held so far, in bytes; `None` where there is no
/// `/proc/self/status`.
pub(crate) fn peak_memory() -> Option<u64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let kibibytes: u64 = value(&text, "VmHWM")?.strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// The first value of a key in lines of `key: value`.
fn value(text: &str, key: &str) -> Option<String> {
    text.lines().filter_map(|line| line.split_once(':')).find_map(|(k, v)| {
        let (k, v) = (k.trim(), v.trim());
        (k == key && !v.is_empty()).then(|| v.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn finds_values() {
        let text = "Name:\tbench\nVmHWM:\t    1234 kB\nmodel name : A\nmodel name : B\nempty:\n";
        assert_eq!(value(text, "VmHWM").as_deref(), Some("1234 kB"));
        assert_eq!(value(text, "model name").as_deref(), Some("A"));
        assert_eq!(value(text, "empty"), None);
        assert_eq!(value(text, "absent"), None);
    }
}
