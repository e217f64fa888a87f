//! The lock that each transaction takes. `SQLite`'s own POSIX locks do not suffice: they belong to a process, so a second copy of `SQLite` in it, as
//! Python has one, takes none of them for another's, and drops them all when it closes the file.

use std::fs::{File, metadata};
use std::io;
use std::path::Path;

#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) use description::{Lock, VFS};
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) use sidecar::{Lock, VFS};

/// A lock that is released when this is dropped.
pub(super) struct Locked<'a>(&'a Lock);

impl Lock {
    /// Takes the lock. Returns `None` if another has it.
    pub(super) fn try_lock(&self) -> io::Result<Option<Locked<'_>>> {
        Ok(self.set()?.then_some(Locked(self)))
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        self.0.unset();
    }
}

/// Whether the file at `path` is the open one: it may have been deleted or replaced.
#[cfg(unix)]
fn is_same(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;

    let open = file.metadata()?;
    match metadata(path) {
        Ok(named) => Ok((named.dev(), named.ino()) == (open.dev(), open.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// A lock of the open file description over the bytes that `SQLite` locks: every other copy of `SQLite` respects it, in this process too, and none can
/// drop it. The store's own connection therefore takes no locks.
#[cfg(any(target_os = "linux", target_os = "android"))]
mod description {
    use nix::errno::Errno;
    use nix::fcntl::{FcntlArg, fcntl};
    use nix::libc;

    use super::{File, Path, io};

    pub(in super::super) const VFS: Option<&str> = Some("unix-none");
    /// `SQLite`'s pending byte, with its reserved and shared bytes behind it.
    const START: libc::off_t = 0x4000_0000;
    const LENGTH: libc::off_t = 512;

    pub(in super::super) struct Lock(File);

    impl Lock {
        pub(in super::super) fn open(path: &Path) -> io::Result<Self> {
            let file = File::options().read(true).write(true).create(true).truncate(false).open(path)?;
            Ok(Self(file))
        }

        pub(in super::super) fn is_at(&self, path: &Path) -> io::Result<bool> {
            super::is_same(&self.0, path)
        }

        pub(super) fn set(&self) -> io::Result<bool> {
            match self.change(libc::F_WRLCK) {
                Ok(()) => Ok(true),
                Err(Errno::EAGAIN | Errno::EACCES | Errno::EINTR) => Ok(false),
                Err(error) => Err(error.into()),
            }
        }

        /// Explicit, for a forked child shares the description and keeps it open.
        pub(super) fn unset(&self) {
            if let Err(error) = self.change(libc::F_UNLCK) {
                tracing::warn!(target: "airudder::events", %error, "the lock on the store of handled events could not be released");
            }
        }

        #[allow(clippy::cast_possible_truncation)] // constants that fit
        fn change(&self, kind: libc::c_int) -> nix::Result<()> {
            let lock = libc::flock {
                l_type: kind as libc::c_short,
                l_whence: libc::SEEK_SET as libc::c_short,
                l_start: START,
                l_len: LENGTH,
                l_pid: 0,
            };
            fcntl(&self.0, FcntlArg::F_OFD_SETLK(&lock)).map(drop)
        }
    }
}

/// A lock on a file beside the store's, in addition to `SQLite`'s own.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod sidecar {
    use std::fs::TryLockError;

    use super::{File, Path, io};

    pub(in super::super) const VFS: Option<&str> = None;

    pub(in super::super) struct Lock {
        lock: File,
        #[cfg(unix)]
        file: File,
    }

    impl Lock {
        pub(in super::super) fn open(path: &Path) -> io::Result<Self> {
            let mut options = File::options();
            options.read(true).write(true).create(true).truncate(false);
            let mut beside = path.as_os_str().to_owned();
            beside.push(".lock");
            Ok(Self {
                lock: options.open(beside)?,
                #[cfg(unix)]
                file: options.open(path)?,
            })
        }

        #[cfg(unix)]
        pub(in super::super) fn is_at(&self, path: &Path) -> io::Result<bool> {
            super::is_same(&self.file, path)
        }

        /// Windows refuses to delete or replace a file that `SQLite` has open.
        #[cfg(not(unix))]
        #[allow(clippy::unused_self, clippy::unnecessary_wraps)]
        pub(in super::super) fn is_at(&self, _: &Path) -> io::Result<bool> {
            Ok(true)
        }

        pub(super) fn set(&self) -> io::Result<bool> {
            match self.lock.try_lock() {
                Ok(()) => Ok(true),
                Err(TryLockError::WouldBlock) => Ok(false),
                Err(TryLockError::Error(error)) => Err(error),
            }
        }

        pub(super) fn unset(&self) {
            if let Err(error) = self.lock.unlock() {
                tracing::warn!(target: "airudder::events", %error, "the lock on the store of handled events could not be released");
            }
        }
    }
}
