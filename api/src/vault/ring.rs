//! Root keys in a file: a line for each, the newest first, 32 random bytes in base 64.
//!
//! The file is read again whenever a root key is asked for that was not in it, and before each wrapping: rotating the root key
//! takes no restart.

use super::{
    cipher::{Error, Key, Secret},
    root::{RootKeys, Wrapped},
};
use anyhow::{Context, bail, ensure};
use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::STANDARD};
use futures_util::future::{BoxFuture, ready};
use std::{
    fs,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

/// The root keys of a file.
pub struct Ring {
    path: PathBuf,
    keys: RwLock<Arc<Vec<(String, Key)>>>,
}

impl Ring {
    /// Reads the file.
    ///
    /// # Errors
    /// If it can't be read or does not hold root keys; the text says how to make one.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let keys = read(path)?;
        Ok(Self { path: path.to_owned(), keys: RwLock::new(Arc::new(keys)) })
    }

    fn kept(&self) -> Arc<Vec<(String, Key)>> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn again(&self) -> Result<Arc<Vec<(String, Key)>>, Error> {
        let keys = Arc::new(read(&self.path).map_err(|error| {
            tracing::error!(error = format!("{error:#}"), "the root keys can't be read again");
            Error::RootKeysUnavailable
        })?);
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&keys);
        Ok(keys)
    }

    fn wrap_now(&self, context: &[u8], secret: &Secret) -> Result<Wrapped, Error> {
        let keys = self.again()?;
        let (root, key) = keys.first().ok_or(Error::RootKeyMissing)?;
        Ok(Wrapped { root: root.clone(), key: key.wrap(context, secret)? })
    }

    fn unwrap_now(&self, context: &[u8], wrapped: &Wrapped) -> Result<Secret, Error> {
        let open = |keys: &[(String, Key)]| {
            let found = keys.iter().find(|(root, _)| *root == wrapped.root);
            found.map(|(_, key)| key.unwrap(context, &wrapped.key))
        };
        match open(&self.kept()) {
            Some(opened) => opened,
            None => open(&self.again()?).ok_or(Error::RootKeyMissing)?,
        }
    }
}

impl RootKeys for Ring {
    fn wrap<'r>(&'r self, context: &'r [u8], key: &'r Secret) -> BoxFuture<'r, Result<Wrapped, Error>> {
        Box::pin(ready(self.wrap_now(context, key)))
    }

    fn unwrap<'r>(&'r self, context: &'r [u8], wrapped: &'r Wrapped) -> BoxFuture<'r, Result<Secret, Error>> {
        Box::pin(ready(self.unwrap_now(context, wrapped)))
    }

    fn newest(&self) -> BoxFuture<'_, Result<String, Error>> {
        let newest = self.again().and_then(|keys| keys.first().map(|(id, _)| id.clone()).ok_or(Error::RootKeyMissing));
        Box::pin(ready(newest))
    }
}

/// Names a key without telling anything of it.
fn name_of(secret: &Secret) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(b"rapport/root-key-name/1\0");
    context.update(secret.as_slice());
    context.finish().as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The names of the keys in a file, the newest first, with their lines.
pub(crate) fn lines(path: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let text = fs::read_to_string(path).with_context(|| {
        format!(
            "the root key file {} can't be read; make one with `openssl rand -base64 32 > FILE` and name it with --root-key-file",
            path.display()
        )
    })?;
    let mut lines: Vec<(String, String)> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut secret = Secret::default();
        let Ok(bytes) = STANDARD.decode(line).map(zeroize::Zeroizing::new) else {
            bail!("{} holds a line that is no base 64; make a key with: openssl rand -base64 32", path.display());
        };
        ensure!(bytes.len() == secret.len(), "a root key has 32 bytes; {} holds another", path.display());
        secret.copy_from_slice(&bytes);
        let name = name_of(&secret);
        ensure!(lines.iter().all(|(other, _)| *other != name), "{} holds the same key twice", path.display());
        lines.push((name, line.to_owned()));
    }
    ensure!(!lines.is_empty(), "{} holds no key; make one with: openssl rand -base64 32", path.display());
    Ok(lines)
}

/// Writes the file anew, in one step: whoever reads it meanwhile finds the old or the new one whole.
pub(crate) fn replace(path: &Path, lines: &[&str]) -> anyhow::Result<()> {
    let aside = path.with_extension("new");
    let write = || {
        let mut file = fs::OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&aside)?;
        for line in lines {
            writeln!(file, "{line}")?;
        }
        file.sync_all()?;
        fs::rename(&aside, path)?;
        // The name is durable once its folder is.
        path.parent().map_or(Ok(()), |folder| fs::File::open(folder)?.sync_all())
    };
    write().with_context(|| format!("writing {}", path.display()))
}

fn read(path: &Path) -> anyhow::Result<Vec<(String, Key)>> {
    let key = |(name, line): (String, String)| {
        let mut secret = Secret::default();
        secret.copy_from_slice(&zeroize::Zeroizing::new(STANDARD.decode(line)?));
        Ok((name, Key::new(&secret)?))
    };
    lines(path)?.into_iter().map(key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(byte: u8) -> String {
        STANDARD.encode([byte; 32])
    }

    #[test]
    fn the_newest_key_wraps_and_the_older_ones_go_on_unwrapping() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("root.key");
        fs::write(&path, line(1)).unwrap();
        let ring = Ring::open(&path).unwrap();
        let secret = Secret::new([9; 32]);
        let first = ring.wrap_now(b"a", &secret).unwrap();
        assert!(ring.unwrap_now(b"b", &first).is_err(), "it is bound to its context");
        // Rotated behind its back.
        fs::write(&path, format!("{}\n{}\n", line(2), line(1))).unwrap();
        let second = ring.wrap_now(b"a", &secret).unwrap();
        assert_ne!(first.root, second.root);
        for wrapped in [&first, &second] {
            assert_eq!(ring.unwrap_now(b"a", wrapped).unwrap(), secret);
        }
        let other = Ring::open(&path).unwrap();
        assert_eq!(other.unwrap_now(b"a", &second).unwrap(), secret);
        fs::write(&path, line(3)).unwrap();
        assert_eq!(Ring::open(&path).unwrap().unwrap_now(b"a", &second).unwrap_err(), Error::RootKeyMissing);
    }

    #[test]
    fn what_is_no_file_of_root_keys_is_told_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("root.key");
        for (text, told) in [
            (String::new(), "holds no key"),
            ("not base 64!".to_owned(), "no base 64"),
            (STANDARD.encode([1; 31]), "32 bytes"),
            (format!("{}\n{}", line(1), line(1)), "twice"),
        ] {
            fs::write(&path, text).unwrap();
            let error = Ring::open(&path).err().unwrap().to_string();
            assert!(error.contains(told), "{error}");
        }
        fs::remove_file(&path).unwrap();
        assert!(Ring::open(&path).err().unwrap().to_string().contains("--root-key-file"));
    }
}
