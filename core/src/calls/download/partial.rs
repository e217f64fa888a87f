//! A file that is being downloaded, under its temporary name. The module `download` says what the scheme is for.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};

use crate::crypto::sha256;
use crate::error::{Error, ErrorKind};

/// How many downloads of one target may run at the same time.
const MAX_PARALLEL: usize = 64;
/// How often a record that others remove at the same moment is opened again.
const MAX_RACES: usize = 100;
/// After how many bytes the file is synced and counted in its record.
const SYNC_EVERY: u64 = 4 << 20;
/// A leftover in a folder that is older than this is removed: its link is unlikely to work still.
const MAX_AGE: Duration = Duration::from_hours(24);
const PREFIX: &str = ".airudder-";

/// What the bytes of a partial file belong to.
#[derive(Default, Serialize, Deserialize)]
struct Record {
    /// A hash of the call and its link.
    source: String,
    validator: Option<String>,
    /// How many bytes the whole file has.
    length: Option<u64>,
    /// How many bytes are certainly on the disk.
    bytes: u64,
}

impl Record {
    /// Whether the rest can be asked for. The length must be known, because a body without one may have been decompressed on the way, and then a
    /// range would count other bytes.
    fn is_resumable(&self) -> bool {
        self.validator.is_some() && self.length.is_some()
    }
}

/// A partial file, and the lock on its record. Removed if it is dropped before it is finished.
pub(super) struct PartialFile {
    target: PathBuf,
    path: PathBuf,
    file: tokio::fs::File,
    lock: Lock,
    record: Record,
    pub(super) bytes: u64,
    is_finished: bool,
}

impl PartialFile {
    /// Opens the partial file of a target. It has bytes if a killed process left some of the same source.
    pub(super) async fn open(target: &Path, source: String) -> Result<Self, Error> {
        let lock = Lock::take(target)?;
        let path = lock.path.with_extension("part");
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, existing_mode(target).map_or(0o666, |mode| mode | 0o600));
        let file = options.open(&path).map_err(|error| file_error(&error))?;
        let mut partial = Self {
            target: target.to_owned(),
            path,
            file: tokio::fs::File::from_std(file),
            record: lock.read(),
            lock,
            bytes: 0,
            is_finished: false,
        };
        let length = partial.file.metadata().await.map_err(|error| file_error(&error))?.len();
        let synced = partial.record.bytes;
        if partial.record.source == source && partial.record.is_resumable() && 0 < synced && synced <= length {
            partial.cut(synced).await?;
        } else {
            partial.record = Record {
                source,
                ..Record::default()
            };
            partial.restart(None, None).await?;
        }
        Ok(partial)
    }

    /// The validator and the length of the whole file, if there are bytes to resume after.
    pub(super) fn resumable(&self) -> Option<(&str, u64)> {
        let validator = self.record.validator.as_deref().filter(|_| self.bytes > 0)?;
        Some((validator, self.record.length?))
    }

    /// Empties the file for another body, which has this validator and length.
    pub(super) async fn restart(&mut self, validator: Option<String>, length: Option<u64>) -> Result<(), Error> {
        // The record first: it must never name bytes of another file.
        self.record.validator = validator;
        self.record.length = length;
        self.record.bytes = 0;
        self.lock.write(&self.record)?;
        self.cut(0).await
    }

    async fn cut(&mut self, length: u64) -> Result<(), Error> {
        self.file.flush().await.map_err(|error| file_error(&error))?;
        self.file.set_len(length).await.map_err(|error| file_error(&error))?;
        self.file.seek(SeekFrom::Start(length)).await.map_err(|error| file_error(&error))?;
        self.bytes = length;
        Ok(())
    }

    pub(super) async fn write(&mut self, chunk: &[u8]) -> Result<(), Error> {
        self.file.write_all(chunk).await.map_err(|error| file_error(&error))?;
        self.bytes += chunk.len() as u64;
        if self.record.is_resumable() && self.bytes - self.record.bytes >= SYNC_EVERY {
            self.sync().await?;
            self.record.bytes = self.bytes;
            self.lock.write(&self.record)?;
        }
        Ok(())
    }

    async fn sync(&mut self) -> Result<(), Error> {
        // A full disk may only show now.
        self.file.flush().await.map_err(|error| file_error(&error))?;
        self.file.sync_all().await.map_err(|error| file_error(&error))
    }

    /// Moves the file to its target, whose mode it takes over if there is one.
    pub(super) async fn finish(mut self) -> Result<(PathBuf, u64), Error> {
        self.sync().await?;
        #[cfg(unix)]
        if let Some(mode) = existing_mode(&self.target) {
            let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
            self.file.set_permissions(permissions).await.map_err(|error| file_error(&error))?;
        }
        std::fs::rename(&self.path, &self.target).map_err(|error| file_error(&error))?;
        self.is_finished = true;
        Ok((self.target.clone(), self.bytes))
    }
}

impl Drop for PartialFile {
    /// Before the lock is released, which is dropped with the other fields.
    fn drop(&mut self) {
        if !self.is_finished {
            std::fs::remove_file(&self.path).ok();
        }
        std::fs::remove_file(&self.lock.path).ok();
    }
}

/// The mode of a file that will be replaced.
#[cfg(unix)]
fn existing_mode(target: &Path) -> Option<u32> {
    let metadata = std::fs::symlink_metadata(target).ok()?;
    let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions());
    metadata.is_file().then_some(mode & 0o777)
}

/// A record that is locked.
struct Lock {
    path: PathBuf,
    file: File,
}

impl Lock {
    /// Locks the first record of a target that is free, and removes leftovers with the numbers after it.
    fn take(target: &Path) -> Result<Self, Error> {
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or_else(|| Path::new("."));
        let name = target.file_name().unwrap_or_default();
        let hash = sha256(name.as_encoded_bytes());
        let record = |number: usize| folder.join(format!("{PREFIX}{}-{number}.json", hash.get(..16).unwrap_or_default()));
        for number in 0..MAX_PARALLEL {
            let path = record(number);
            match Self::try_take(&path) {
                Ok(Some(lock)) => {
                    (number + 1..)
                        .map(record)
                        .take_while(|path| path.exists())
                        .take(MAX_PARALLEL)
                        .for_each(|path| remove(&path));
                    return Ok(lock);
                }
                Ok(None) => {}
                // A file system without locks. The name must then be one that nobody else has.
                Err(error) if error.kind() == std::io::ErrorKind::Unsupported => {
                    std::fs::remove_file(&path).ok();
                    return Self::without_lock(record(0).with_extension(format!("{:016x}.json", fastrand::u64(..))));
                }
                Err(error) => return Err(file_error(&error)),
            }
        }
        Err(Error::new(ErrorKind::File, "too many downloads of the same file are in progress"))
    }

    /// Returns `None` if somebody else has it.
    fn try_take(path: &Path) -> std::io::Result<Option<Self>> {
        for _ in 0..MAX_RACES {
            let file = open_record(OpenOptions::new().read(true).write(true).create(true), path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
            }
            // Its owner may have finished between opening and locking: then the lock is on a file that is gone, and another may have the path.
            let opened = same_file::Handle::from_file(file.try_clone()?)?;
            if same_file::Handle::from_path(path).is_ok_and(|current| current == opened) {
                return Ok(Some(Self {
                    path: path.to_owned(),
                    file,
                }));
            }
        }
        Ok(None)
    }

    fn without_lock(path: PathBuf) -> Result<Self, Error> {
        let file = open_record(OpenOptions::new().read(true).write(true).create_new(true), &path).map_err(|error| file_error(&error))?;
        Ok(Self { path, file })
    }

    /// The record. An unreadable one is that of a process that was killed while it wrote it.
    fn read(&self) -> Record {
        let mut text = String::new();
        let read = (&self.file).read_to_string(&mut text);
        read.ok().and_then(|_| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    fn write(&self, record: &Record) -> Result<(), Error> {
        let text = serde_json::to_vec(record).map_err(|error| Error::internal(error.to_string()))?;
        let mut file = &self.file;
        let mut replace = || {
            file.set_len(0)?;
            file.seek(SeekFrom::Start(0))?;
            file.write_all(&text)
        };
        replace().map_err(|error| file_error(&error))
    }
}

fn open_record(options: &mut OpenOptions, path: &Path) -> std::io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path)
}

/// Removes a leftover that no download has.
fn remove(record: &Path) {
    if let Ok(Some(lock)) = Lock::try_take(record) {
        std::fs::remove_file(record.with_extension("part")).ok();
        std::fs::remove_file(&lock.path).ok();
    }
}

/// Removes the leftovers in a folder that are too old to be resumed. What cannot be removed stays.
pub(super) fn sweep(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let is_ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX));
        let is_record = is_ours && path.extension().is_some_and(|extension| extension == "json");
        let age = || SystemTime::now().duration_since(entry.metadata().ok()?.modified().ok()?).ok();
        if is_record && age().is_some_and(|age| age > MAX_AGE) {
            remove(&path);
        }
    }
}

pub(super) fn file_error(error: &std::io::Error) -> Error {
    let detail = match error.kind() {
        std::io::ErrorKind::NotFound => "its folder does not exist; create it, or download to a folder that exists".to_owned(),
        kind => kind.to_string(),
    };
    Error::new(ErrorKind::File, detail)
}
