//! Ctrl-C, and what else asks a process to end, asks a command to store what it has and stop; a second one
//! stops it at once.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};

static STOP: AtomicBool = AtomicBool::new(false);

/// The signal that came; 0 if none has.
static SIGNAL: AtomicI32 = AtomicI32::new(0);

/// What shells report of a program that a signal ended is the signal's number and this.
const KILLED: i32 = 128;

/// The flag that is set when the command has to stop. A signal that was ignored when the program started
/// stays ignored, as `nohup` and shells for jobs in the background ask for.
pub(crate) fn stop_flag() -> Result<&'static AtomicBool, Deaf> {
    listen().map_err(Deaf)?;
    Ok(&STOP)
}

/// Signals cannot be listened for.
pub(crate) struct Deaf(std::io::Error);

impl fmt::Display for Deaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot listen for signals: {}", self.0)
    }
}

/// The exit code of a command that was stopped: that of a program that the signal ended.
pub(crate) fn exit_code() -> u8 {
    let signal = match SIGNAL.load(Ordering::Relaxed) {
        0 => SIGINT,
        signal => signal,
    };
    u8::try_from(KILLED + signal).unwrap_or(1)
}

#[cfg(unix)]
fn listen() -> std::io::Result<()> {
    use std::io::IsTerminal;

    use signal_hook::consts::SIGHUP;
    use signal_hook::iterator::Signals;

    let mut heard = vec![SIGINT, SIGTERM, SIGHUP];
    heard.retain(|&signal| !is_ignored(signal));
    let mut signals = Signals::new(heard)?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in &mut signals {
            if STOP.swap(true, Ordering::Relaxed) {
                std::process::exit(KILLED + signal);
            }
            SIGNAL.store(signal, Ordering::Relaxed);
            if std::io::stderr().is_terminal() {
                crate::stderr::note("stopping; Ctrl-C again to stop at once");
            }
        }
    })?;
    Ok(())
}

#[cfg(not(unix))]
fn listen() -> std::io::Result<()> {
    use std::sync::{Arc, LazyLock};

    static HEARD: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register_conditional_shutdown(signal, KILLED + signal, Arc::clone(&HEARD))?;
        signal_hook::flag::register(signal, Arc::clone(&HEARD))?;
    }
    std::thread::Builder::new().name("signals".to_owned()).spawn(|| {
        while !HEARD.load(Ordering::Relaxed) {
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        SIGNAL.store(SIGINT, Ordering::Relaxed);
        STOP.store(true, Ordering::Relaxed);
    })?;
    Ok(())
}

/// Whether a signal is ignored, as Linux tells it. Other systems do not say it in a file; there no signal
/// counts as ignored.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return false };
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}
