//! TLS as a caller meets it: what travels is encrypted, with a certificate that can be renewed while the service runs.

use super::run::{Program, alone, folder, rapport, until};
use nix::sys::signal::Signal;
use rcgen::{CertificateParams, KeyPair};
use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    time::Duration,
};

/// A first message of TLS 1.0, which offers nothing newer.
fn hello_of_1999() -> Vec<u8> {
    let mut body = vec![3, 1];
    body.extend([7; 32]);
    // No session, one old cipher, no compression; one kind of signature, so that the version is all that is wrong with it.
    body.extend([0, 0, 2, 0, 0x2f, 1, 0]);
    body.extend([0, 8, 0, 13, 0, 4, 0, 2, 4, 3]);
    let mut message = vec![1, 0, 0, u8::try_from(body.len()).unwrap()];
    message.extend(body);
    let mut record = vec![0x16, 3, 1, 0, u8::try_from(message.len()).unwrap()];
    record.extend(message);
    record
}

/// Makes a certificate for `localhost` and puts it where the service looks for it.
fn certify(folder: &Path) -> reqwest::Certificate {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap().pem();
    fs::write(folder.join("certificate.pem"), &certificate).unwrap();
    fs::write(folder.join("key.pem"), key.serialize_pem()).unwrap();
    reqwest::Certificate::from_pem(certificate.as_bytes()).unwrap()
}

/// Asks whether the service is alive, trusting this certificate only.
fn is_alive(url: &str, trusted: &reqwest::Certificate) -> Result<String, reqwest::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let http = reqwest::Client::builder().no_proxy().tls_certs_only([trusted.clone()]).build()?;
        let answer = http.get(format!("{url}/healthz")).send().await?;
        Ok(answer.headers()["strict-transport-security"].to_str().unwrap().to_owned())
    })
}

/// What comes back for these bytes.
fn raw(address: &str, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok();
    answer
}

#[test]
fn by_tls_nothing_is_answered_in_the_clear_or_by_an_old_version_and_the_certificate_can_be_renewed() {
    let _alone = alone();
    let folder = folder();
    let first = certify(folder.path());
    let mut command = rapport(&["serve", "--listen", "127.0.0.1:0"]);
    command.arg("--data-dir").arg(folder.path().join("data"));
    command.arg("--tls-certificate").arg(folder.path().join("certificate.pem"));
    command.arg("--tls-key").arg(folder.path().join("key.pem"));
    let service = Program::start(command);
    let address = service.line("listening on https://");
    let url = format!("https://localhost:{}", address.rsplit(':').next().unwrap());

    assert!(is_alive(&url, &first).unwrap().starts_with("max-age="), "browsers are told to stay with TLS");
    let other = certify(folder.path());
    is_alive(&url, &other).expect_err("a certificate that the service does not have");
    let plain = raw(&address, b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    assert!(!String::from_utf8_lossy(&plain).contains("HTTP/"), "{plain:?}");
    let old = raw(&address, &hello_of_1999());
    // An alert (RFC 8446, 6): protocol_version.
    assert_eq!((old.first(), old.last()), (Some(&0x15), Some(&70)), "{old:?}");

    service.signal(Signal::SIGHUP);
    until("new connections get the new certificate", || is_alive(&url, &other).is_ok());
    is_alive(&url, &first).expect_err("the certificate of before");
    service.stop().well();
}
