//! The service's own keys: made on the first start of a private cluster, given by whoever runs it with `DATABASE_URL`.

use anyhow::{Context, bail};
use aws_lc_rs::{
    encoding::AsDer,
    rand::{SecureRandom, SystemRandom},
    signature::Ed25519KeyPair,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::{
    fs,
    io::{ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

/// Where the keys are.
#[derive(Debug, Clone)]
pub struct KeyFiles {
    /// An Ed25519 private key in PEM (PKCS #8); signs access tokens.
    pub signing: PathBuf,
    /// At least 32 random bytes in base 64; peppers passwords and more.
    pub secret: PathBuf,
    /// The root keys that wrap the clinics' keys, the newest first: 32 random bytes in base 64 each, a line for each.
    pub root: PathBuf,
}

/// The keys as read.
pub struct Keys {
    /// The signing key, in PEM.
    pub signing_pem: Vec<u8>,
    /// The secret, decoded.
    pub secret: Vec<u8>,
}

impl KeyFiles {
    /// Their places in a data folder.
    pub fn under(data_dir: &Path) -> Self {
        let folder = data_dir.join("keys");
        Self { signing: folder.join("signing.pem"), secret: folder.join("secret.key"), root: folder.join("root.key") }
    }

    /// Makes those that are missing, mode 0600.
    ///
    /// # Errors
    /// If a file can't be written.
    pub fn make_missing(&self) -> anyhow::Result<()> {
        write_new(&self.signing, || Ok(new_signing_key()?.into_bytes()))?;
        write_new(&self.secret, || Ok(new_secret()?.into_bytes()))?;
        write_new(&self.root, || Ok(new_secret()?.into_bytes()))
    }

    /// Reads those that the service works with itself; the root keys are the vault's to read.
    ///
    /// # Errors
    /// If one is missing or malformed; the text says how to make one.
    pub fn read(&self) -> anyhow::Result<Keys> {
        let signing_pem = read(&self.signing, "openssl genpkey -algorithm ed25519 -out FILE", "--signing-key-file")?;
        let text = read(&self.secret, "openssl rand -base64 32 > FILE", "--secret-key-file")?;
        let text = String::from_utf8_lossy(&text);
        let Ok(secret) = STANDARD.decode(text.trim()) else {
            bail!("{} does not hold base 64; make one with: openssl rand -base64 32", self.secret.display());
        };
        Ok(Keys { signing_pem, secret })
    }
}

fn read(path: &Path, how: &str, flag: &str) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| {
        format!("the key file {} can't be read; make one with `{how}` and name it with {flag}", path.display())
    })
}

/// Writes a file that is not there yet. It is complete or absent, never half: written aside and renamed.
fn write_new(path: &Path, content: impl FnOnce() -> anyhow::Result<Vec<u8>>) -> anyhow::Result<()> {
    if path.exists() {
        return Ok(());
    }
    let folder = path.parent().context("a key file needs a folder")?;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("making {}", folder.display()))?;
    let aside = path.with_extension("new");
    match fs::remove_file(&aside) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let mut file = fs::OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(&aside)
        .with_context(|| format!("making {}", aside.display()))?;
    file.write_all(&content()?)?;
    file.sync_all()?;
    fs::rename(&aside, path).with_context(|| format!("making {}", path.display()))
}

/// A new Ed25519 private key in PEM.
///
/// # Errors
/// If the operating system has no randomness to give.
pub fn new_signing_key() -> anyhow::Result<String> {
    let pair = Ed25519KeyPair::generate().ok().context("an Ed25519 key could not be made")?;
    let der = AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&pair)
        .ok()
        .context("an Ed25519 key could not be written")?;
    let lines = STANDARD.encode(der.as_ref());
    Ok(format!("-----BEGIN PRIVATE KEY-----\n{lines}\n-----END PRIVATE KEY-----\n"))
}

/// 32 random bytes in base 64.
///
/// # Errors
/// If the operating system has no randomness to give.
pub fn new_secret() -> anyhow::Result<String> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).ok().context("no randomness")?;
    Ok(format!("{}\n", STANDARD.encode(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn keys_are_made_once_and_for_their_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let files = KeyFiles::under(folder.path());
        assert!(files.read().is_err());
        files.make_missing().unwrap();
        let first = files.read().unwrap();
        files.make_missing().unwrap();
        let second = files.read().unwrap();
        assert_eq!((first.signing_pem, first.secret.len()), (second.signing_pem, 32));
        for file in [&files.signing, &files.secret, &files.root] {
            assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
