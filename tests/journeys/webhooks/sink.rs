//! An address that is told, and what it makes of it.

use rapport_sdk::webhooks::echo;
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// What somebody was told.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    /// Which message this is, from 0, challenges left out.
    pub(crate) number: usize,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
    is_challenge: bool,
}

impl Told {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(is, _)| is == name).map(|(_, value)| value.as_str())
    }
}

/// What an address makes of a message.
#[derive(Debug, Clone)]
pub(crate) enum Mood {
    /// It answers so.
    Answer(u16),
    /// It answers this, whatever it is.
    Raw(String),
    /// It takes the message and hangs up.
    HangUp,
    /// It takes the message and says nothing for this long.
    Hang(Duration),
}

type Moods = Mutex<Box<dyn FnMut(&Told) -> Mood + Send>>;

/// An address.
pub(crate) struct Sink {
    pub(crate) origin: String,
    told: Arc<Mutex<Vec<Told>>>,
    moods: Arc<Moods>,
    echoes: Arc<AtomicBool>,
}

impl Sink {
    /// One that echoes challenges and is of this mood to everything else.
    pub(crate) fn start(mood: impl FnMut(&Told) -> Mood + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let (told, moods): (Arc<Mutex<Vec<Told>>>, Arc<Moods>) = (Arc::default(), Arc::new(Mutex::new(Box::new(mood))));
        let echoes = Arc::new(AtomicBool::new(true));
        let sink = Self { origin, told, moods, echoes };
        let (told, moods, echoes) = (Arc::clone(&sink.told), Arc::clone(&sink.moods), Arc::clone(&sink.echoes));
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let (told, moods, echoes) = (Arc::clone(&told), Arc::clone(&moods), Arc::clone(&echoes));
                std::thread::spawn(move || serve(connection.unwrap(), &told, &moods, &echoes));
            }
        });
        sink
    }

    pub(crate) fn without_echo(self) -> Self {
        self.echoes.store(false, Ordering::SeqCst);
        self
    }

    pub(crate) fn echo(&self) {
        self.echoes.store(true, Ordering::SeqCst);
    }

    pub(crate) fn in_mood(&self, mood: impl FnMut(&Told) -> Mood + Send + 'static) {
        *self.moods.lock().unwrap() = Box::new(mood);
    }

    pub(crate) fn url(&self) -> String {
        format!("{}/hook", self.origin)
    }

    /// Everything that it was told, challenges too.
    pub(crate) fn all(&self) -> Vec<Told> {
        self.told.lock().unwrap().clone()
    }

    /// The events that it was told.
    pub(crate) fn events(&self) -> Vec<Told> {
        self.all().into_iter().filter(|told| !told.is_challenge).collect()
    }
}

fn serve(mut connection: TcpStream, all: &Mutex<Vec<Told>>, moods: &Moods, echoes: &AtomicBool) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        connection.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    let head = String::from_utf8(head).unwrap();
    assert!(head.starts_with("POST /hook"), "{head}");
    let headers: Vec<_> = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length")?.1.parse().unwrap();
    let mut body = vec![0; length];
    connection.read_exact(&mut body).ok()?;
    let body = String::from_utf8(body).unwrap();
    let echo = echo(body.as_bytes());
    let (told, mood) = {
        let mut all = all.lock().unwrap();
        let number = all.iter().filter(|told| !told.is_challenge).count();
        let told = Told { number, headers, body, is_challenge: echo.is_some() };
        all.push(told.clone());
        let mood = if told.is_challenge { Mood::Answer(200) } else { moods.lock().unwrap()(&told) };
        (told, mood)
    };
    let answer = match mood {
        Mood::Answer(status) => {
            let body = echo.filter(|_| echoes.load(Ordering::SeqCst)).unwrap_or_default();
            format!("HTTP/1.1 {status} So\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
        }
        Mood::Raw(answer) => answer,
        Mood::HangUp => return None,
        Mood::Hang(time) => {
            std::thread::sleep(time);
            return None;
        }
    };
    drop(told);
    connection.write_all(answer.as_bytes()).ok()
}
