//! Programs that stay on one core.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

/// A command that stays on one core, where the system can do that and there is more than one.
pub fn pinned(program: impl AsRef<OsStr>, core: usize) -> Command {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let taskset = Path::new("/usr/bin/taskset");
    if cores < 2 || !taskset.exists() {
        return Command::new(program);
    }
    let mut command = Command::new(taskset);
    command.args(["--cpu-list", &core.to_string()]).arg(program);
    command
}
