use super::*;
use std::{
    io::{ErrorKind, Read, Write},
    net::TcpListener,
    sync::atomic::{AtomicUsize, Ordering},
};

/// Every name leads to these, one answer after the other; the last one stays.
struct Names {
    answers: Vec<Vec<SocketAddr>>,
    asked: AtomicUsize,
}

impl Names {
    fn leading_to(answers: Vec<Vec<SocketAddr>>) -> Arc<Self> {
        Arc::new(Self { answers, asked: AtomicUsize::new(0) })
    }
}

impl Resolve for Names {
    fn resolve(&self, _: Name) -> Resolving {
        let number = self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self.answers.get(number).or(self.answers.last()).cloned().unwrap_or_default();
        Box::pin(async move { Ok(Box::new(answer.into_iter()) as Addrs) })
    }
}

fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// How many have knocked.
fn connections(listener: &TcpListener) -> usize {
    let mut count = 0;
    loop {
        match listener.accept() {
            Ok(_) => count += 1,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return count,
            Err(error) => panic!("{error}"),
        }
    }
}

/// Ways to write this machine, a neighbour, or nobody.
const HOSTS: &[&str] = &[
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "127.255.255.254",
    "2130706433",
    "02130706433",
    "017700000001",
    "0x7f000001",
    "0x7F.0.0.1",
    "0x7f.1",
    "0177.0.0.1",
    "0177.0.0.01",
    "127.0.0.0x1",
    "127.0.0.1.",
    "0",
    "0.0.0.0",
    "0x0",
    "00000000000",
    "255.255.255.255",
    "4294967295",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "100.64.0.1",
    "192.0.2.1",
    "8.8.8.8",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[fe80::1%eth0]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[2001:db8::1]",
    "[2606:4700::1111]",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "a.localhost",
    "printer.local",
    "metadata.google.internal",
    "ip6-loopback",
    "router",
    "１２７.0.0.1",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "127．0．0．1",
    "ⓛocalhost",
    "xn--80ak6aa92e",
    "example.org.",
    "Example.org",
    "exam_ple.org",
    "exämple.org",
    "example..org",
    ".example.org",
    "example.org%00",
    "example.org%2f@127.0.0.1",
    "127.0.0.1%09",
    "",
];

/// Ways to write what stands around a host that would be taken as it is.
fn around(host: &str, port: u16) -> Vec<String> {
    vec![
        format!("http://{host}/jwks"),
        format!("HTTPS://{host}/jwks"),
        format!("Https://{host}/jwks"),
        format!("https:{host}/jwks"),
        format!("https:/{host}/jwks"),
        format!("https:///{host}/jwks"),
        format!("https:\\\\{host}\\jwks"),
        format!("//{host}/jwks"),
        format!("{host}/jwks"),
        format!("ftp://{host}/jwks"),
        format!("file://{host}/etc/passwd"),
        format!("gopher://{host}/jwks"),
        format!("ws://{host}/jwks"),
        format!("wss://{host}/jwks"),
        format!("data://{host}/jwks"),
        format!("javascript://{host}/jwks"),
        format!("https://{host}:{port}/jwks"),
        format!("https://{host}:443/jwks"),
        format!("https://{host}:0443/jwks"),
        format!("https://{host}:80/jwks"),
        format!("https://{host}:0/jwks"),
        format!("https://{host}:/jwks"),
        format!("https://{host}:99999/jwks"),
        format!("https://{host}:443@127.0.0.1/jwks"),
        format!("https://user@{host}/jwks"),
        format!("https://user:secret@{host}/jwks"),
        format!("https://:@{host}/jwks"),
        format!("https://127.0.0.1:{port}@{host}/jwks"),
        format!("https://{host}@127.0.0.1:{port}/jwks"),
        format!("https://{host}\\@127.0.0.1:{port}/jwks"),
        format!("https://127.0.0.1:{port}\\@{host}/jwks"),
        format!("https://127.0.0.1:{port}#@{host}/jwks"),
        format!("https://127.0.0.1:{port}?@{host}/jwks"),
        format!("https://{host}/jwks#part"),
        format!("https://{host}/a/../jwks"),
        format!("https://{host}/./jwks"),
        format!("https://{host}/%2e%2e/jwks"),
        format!("https://{host}/jwks "),
        format!(" https://{host}/jwks"),
        format!("https://{host}/jw\tks"),
        format!("https://{host}/jw\nks"),
        format!("https://{host}/jwks\0"),
        format!("\u{feff}https://{host}/jwks"),
        format!("https://{host}\u{200b}/jwks"),
        format!("https://{host}\u{ff0f}jwks"),
        format!("https://{host}/jw ks"),
        format!("https://{host}/jwks?a=<b>"),
        format!("https://{host}/{}", "x".repeat(LONGEST)),
        format!("url:https://{host}/jwks"),
        format!("blob:https://{host}/jwks"),
        String::new(),
    ]
}

#[tokio::test]
async fn no_spelling_of_an_address_knocks_at_our_own_door() {
    let (listener, here) = listener();
    let names = Names::leading_to(vec![vec![here, SocketAddr::from((Ipv4Addr::LOCALHOST, 0))]]);
    let outbound = Outbound::resolving(names, Vec::new(), DEADLINE, AT_A_TIME).unwrap();
    let port = here.port();
    let mut spellings: Vec<String> = Vec::new();
    for host in HOSTS {
        spellings.extend([
            format!("https://{host}/jwks"),
            format!("https://{host}:{port}/jwks"),
            format!("http://{host}:{port}/jwks"),
            format!("https://user@{host}/jwks"),
        ]);
    }
    spellings.extend(around("example.org", port));
    let by_text = spellings.len();
    // What is written like a public address, and leads here.
    spellings.extend((0..20).map(|number| format!("https://rebound{number}.example.org/jwks")));
    assert!(spellings.len() >= 200, "{}", spellings.len());
    for (number, spelling) in spellings.iter().enumerate() {
        assert_eq!(outbound.address(spelling).is_some(), number >= by_text, "{spelling:?}");
        assert!(outbound.get(spelling, 1000).await.is_err(), "{spelling:?}");
        assert!(outbound.post(spelling, &[], "{}".to_owned(), 1000).await.is_err(), "{spelling:?}");
    }
    assert_eq!(connections(&listener), 0, "of {} spellings", spellings.len());
}

#[tokio::test]
async fn without_the_check_of_names_the_same_name_would_knock() {
    let (listener, here) = listener();
    let names: Arc<dyn Resolve> = Names::leading_to(vec![vec![here]]);
    let http = Client::builder().dns_resolver(names).no_proxy().timeout(CONNECT).tls_certs_only([]).build().unwrap();
    // Somebody answers, so that the handshake ends at once.
    let answer = tokio::task::spawn_blocking(move || {
        listener.set_nonblocking(false).unwrap();
        let (mut knocked, _) = listener.accept().unwrap();
        knocked.read(&mut [0; 1]).unwrap()
    });
    assert!(http.get("https://rebound.example.org/jwks").send().await.is_err());
    assert_eq!(answer.await.unwrap(), 1);
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_asked_once_and_held_to_what_it_said() {
    let public = SocketAddr::from((Ipv4Addr::new(1, 1, 1, 1), 0));
    let (listener, here) = listener();
    let names = Names::leading_to(vec![vec![public], vec![here], vec![here, public]]);
    let resolver = GlobalOnly(Arc::clone(&names) as Arc<dyn Resolve>);
    let found = async || {
        let found = resolver.resolve("rebound.example.org".parse().unwrap()).await;
        found.map(Iterator::collect::<Vec<_>>).map_err(|error| error.to_string())
    };
    assert_eq!(found().await, Ok(vec![public]));
    assert!(found().await.is_err());
    assert_eq!(found().await, Ok(vec![public]), "what leads here is left out");

    let names = Names::leading_to(vec![vec![here]]);
    let outbound =
        Outbound::resolving(Arc::clone(&names) as Arc<dyn Resolve>, Vec::new(), DEADLINE, AT_A_TIME).unwrap();
    assert!(outbound.get("https://rebound.example.org/jwks", 1000).await.is_err());
    assert_eq!(names.asked.load(Ordering::SeqCst), 1, "there is no second look-up to answer otherwise");
    assert!(outbound.post("https://rebound.example.org/hook", &[], String::new(), 0).await.is_err());
    assert_eq!(names.asked.load(Ordering::SeqCst), 2, "what is sent goes the same way");
    assert_eq!(connections(&listener), 0);
}

/// Answers so many connections with these bytes each.
fn answering(answers: Vec<Vec<u8>>) -> (String, std::thread::JoinHandle<()>) {
    let (listener, here) = listener();
    listener.set_nonblocking(false).unwrap();
    let thread = std::thread::spawn(move || {
        for answer in answers {
            let (mut connection, _) = listener.accept().unwrap();
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                connection.read_exact(&mut byte).unwrap();
                asked.extend(byte);
            }
            // Whoever reads no further closes; that is no fault of ours.
            connection.write_all(&answer).ok();
        }
    });
    (format!("http://{here}"), thread)
}

#[tokio::test]
async fn in_development_a_named_origin_is_read_and_nothing_beside_it() {
    let good =
        b"HTTP/1.1 200 OK\r\ncache-control: public, max-age=60\r\nage: 20\r\ncontent-length: 2\r\n\r\n{}".to_vec();
    let bad = [
        "HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n".to_owned(),
        "HTTP/1.1 500 Oh\r\ncontent-length: 2\r\n\r\n{}".to_owned(),
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}".to_owned(),
        "HTTP/1.1 200 OK\r\ncontent-length: 101\r\n\r\n".to_owned(),
        format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}", " ".repeat(101)),
        "HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{}".to_owned(),
        "SSH-2.0-nobody\r\n\r\n".to_owned(),
    ];
    let answers = std::iter::once(good).chain(bad.iter().map(|answer| answer.clone().into_bytes())).collect();
    let (origin, thread) = answering(answers);
    let outbound = Outbound::new(vec![origin.clone()]).unwrap();
    let fetched = outbound.get(&format!("{origin}/jwks"), 100).await.unwrap();
    assert_eq!((fetched.body.as_slice(), fetched.max_age), (b"{}".as_slice(), Some(Duration::from_secs(40))));
    for answer in &bad {
        assert!(outbound.get(&format!("{origin}/jwks"), 100).await.is_err(), "{answer:?}");
    }
    thread.join().unwrap();
    for other in ["http://127.0.0.1:1/jwks", "http://127.0.0.2/jwks", "https://127.0.0.1/jwks", "http://localhost/jwks"]
    {
        assert!(outbound.address(other).is_none(), "{other}");
    }
}

#[tokio::test]
async fn what_is_sent_gets_a_status_and_the_start_of_an_answer_and_follows_nothing() {
    let answers = [
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
        "HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 410 Gone\r\ncontent-length: 1000000\r\n\r\nhello",
        "SSH-2.0-nobody\r\n\r\n",
    ];
    let (origin, thread) = answering(answers.iter().map(|answer| answer.as_bytes().to_vec()).collect());
    let outbound = Outbound::new(vec![origin.clone()]).unwrap();
    let post = async || {
        let headers = [("webhook-id", "7".to_owned())];
        let answered = outbound.post(&format!("{origin}/hook"), &headers, String::new(), 3).await;
        answered.map(|answered| (answered.status, answered.body)).ok()
    };
    assert_eq!(post().await, Some((200, b"hel".to_vec())));
    assert_eq!(post().await, Some((302, Vec::new())));
    assert_eq!(post().await, Some((410, b"hel".to_vec())));
    assert_eq!(post().await, None);
    thread.join().unwrap();
}

#[test]
fn only_this_machine_is_an_origin_of_development() {
    for good in ["http://127.0.0.1:9000", "https://127.0.0.1:1", "http://[::1]:9000", "http://127.0.0.1:9000/"] {
        assert!(development_origin(good).is_some(), "{good}");
    }
    for bad in ["", "*", "http://10.0.0.1", "http://localhost:1", "ftp://127.0.0.1", "http://127.0.0.1:1/a", "null"] {
        assert!(development_origin(bad).is_none(), "{bad}");
    }
}

#[test]
fn only_the_public_internet_is_global() {
    for global in ["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "198.20.0.1", "223.255.255.255"]
    {
        assert!(is_global(global.parse().unwrap()), "{global}");
    }
    for global in ["2606:4700::1111", "2a00:1450::1", "2001:4860::8888", "2003::1"] {
        assert!(is_global(global.parse().unwrap()), "{global}");
    }
    for other in [
        "0.0.0.0",
        "0.1.2.3",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.169.254",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.255.255",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:1.1.1.1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::1.1.1.1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:1ff::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "3fff:fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ] {
        assert!(!is_global(other.parse().unwrap()), "{other}");
    }
}

#[test]
fn what_may_be_kept_is_what_the_answer_says() {
    let read = |control: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(CACHE_CONTROL, control.parse().unwrap());
        max_age(&headers).map(|age| age.as_secs())
    };
    assert_eq!(max_age(&HeaderMap::new()), None);
    assert_eq!(read("public, Max-Age=300"), Some(300));
    assert_eq!(read("no-store, max-age=300"), Some(0));
    assert_eq!(read("no-cache"), Some(0));
    assert_eq!(read("max-age=soon"), None);
    assert_eq!(read("public"), None);
}
