//! TLS by rustls: a certificate that is checked before it is used, and can be changed while connections are open.

use anyhow::{Context, bail};
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use std::{
    fmt, fs,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};
use x509_parser::prelude::{FromDer, X509Certificate};

/// Where certificate and key are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate and those that vouch for it, in PEM.
    pub certificate: PathBuf,
    /// Its private key, in PEM.
    pub key: PathBuf,
}

/// The certificate in use. New connections get it; open ones go on with what they began with.
pub struct Certificate {
    files: TlsFiles,
    current: RwLock<Arc<CertifiedKey>>,
}

impl Certificate {
    /// Reads and checks both files.
    ///
    /// # Errors
    /// In one line, which file is wrong and how: missing, not PEM, not each other's, not valid at this time.
    pub fn read(files: TlsFiles) -> anyhow::Result<Self> {
        let current = RwLock::new(Arc::new(read(&files)?));
        Ok(Self { files, current })
    }

    /// Reads the files again.
    ///
    /// # Errors
    /// As when it was first read; then the one in use stays.
    pub fn reload(&self) -> anyhow::Result<()> {
        let fresh = Arc::new(read(&self.files)?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// TLS 1.2 and 1.3 with this certificate, and HTTP/1.1 within.
    ///
    /// # Errors
    /// If the library takes none of the versions, which a test would show.
    pub fn config(self: &Arc<Self>) -> anyhow::Result<ServerConfig> {
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(self) as Arc<dyn ResolvesServerCert>);
        Ok(config)
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate").field("files", &self.files).finish_non_exhaustive()
    }
}

fn read(files: &TlsFiles) -> anyhow::Result<CertifiedKey> {
    let content =
        |path: &Path, flag: &str| fs::read(path).with_context(|| format!("{flag}: {} can't be read", path.display()));
    let (certificate, key) = (files.certificate.display(), files.key.display());
    let pem = content(&files.certificate, "--tls-certificate")?;
    let chain = CertificateDer::pem_slice_iter(&pem).collect::<Result<Vec<_>, _>>().unwrap_or_default();
    let Some(leaf) = chain.first() else {
        bail!("--tls-certificate: {certificate} holds no certificate in PEM (-----BEGIN CERTIFICATE-----)");
    };
    check_dates(leaf).with_context(|| format!("--tls-certificate: {certificate}"))?;
    let pem = content(&files.key, "--tls-key")?;
    let Ok(private) = PrivateKeyDer::from_pem_slice(&pem) else {
        bail!("--tls-key: {key} holds no private key in PEM (-----BEGIN PRIVATE KEY-----)");
    };
    let Ok(private) = aws_lc_rs::sign::any_supported_type(&private) else {
        bail!("--tls-key: {key} holds a key of a kind that is not taken; give RSA, ECDSA or Ed25519");
    };
    let pair = CertifiedKey::new(chain, private);
    if pair.keys_match().is_err() {
        bail!("--tls-key: {key} is not the key of the certificate {certificate}");
    }
    Ok(pair)
}

fn check_dates(leaf: &CertificateDer<'_>) -> anyhow::Result<()> {
    let Ok((_, leaf)) = X509Certificate::from_der(leaf) else { bail!("the first certificate can't be read") };
    let (validity, now) = (leaf.validity(), x509_parser::time::ASN1Time::now());
    if validity.not_after < now {
        bail!("the certificate expired on {}; give a new one", validity.not_after);
    }
    if now < validity.not_before {
        bail!("the certificate is valid only from {} on", validity.not_before);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    fn write(folder: &Path, name: &str, change: impl FnOnce(&mut CertificateParams)) -> TlsFiles {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        change(&mut params);
        let files =
            TlsFiles { certificate: folder.join(format!("{name}.pem")), key: folder.join(format!("{name}.key")) };
        fs::write(&files.certificate, params.self_signed(&key).unwrap().pem()).unwrap();
        fs::write(&files.key, key.serialize_pem()).unwrap();
        files
    }

    #[test]
    fn a_pair_that_can_not_work_is_told_in_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let good = write(folder.path(), "good", |_| {});
        let other = write(folder.path(), "other", |_| {});
        let expired = write(folder.path(), "expired", |params| params.not_after = date_time_ymd(2020, 1, 1));
        let early = write(folder.path(), "early", |params| params.not_before = date_time_ymd(2999, 1, 1));
        Certificate::read(good.clone()).unwrap().reload().unwrap();
        let with = |certificate: &Path, key: &Path| TlsFiles { certificate: certificate.into(), key: key.into() };
        let missing = folder.path().join("missing");
        for (files, told) in [
            (with(&missing, &good.key), "--tls-certificate: "),
            (with(&good.certificate, &missing), "--tls-key: "),
            (with(&good.key, &good.key), "holds no certificate"),
            (with(&good.certificate, &good.certificate), "holds no private key"),
            (with(&good.certificate, &other.key), "is not the key of the certificate"),
            (expired, "expired on"),
            (early, "valid only from"),
        ] {
            let error = format!("{:#}", Certificate::read(files).unwrap_err());
            assert!(error.contains(told) && !error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn a_new_pair_is_taken_and_a_broken_one_leaves_the_old() {
        let folder = tempfile::tempdir().unwrap();
        let files = write(folder.path(), "good", |_| {});
        let certificate = Certificate::read(files.clone()).unwrap();
        let shown = || certificate.current.read().unwrap().cert.first().unwrap().to_vec();
        let first = shown();
        write(folder.path(), "good", |_| {});
        certificate.reload().unwrap();
        let second = shown();
        assert_ne!(first, second);
        fs::write(&files.key, "no key").unwrap();
        certificate.reload().unwrap_err();
        assert_eq!(shown(), second);
    }
}
