//! A real browser for the pages: headless Chromium, driven over `WebDriver`.
//!
//! [`Browser::start`] finds Chromium and its driver, or as root installs them with the distribution's package manager. Where
//! neither works the test says loudly that it was skipped; under `CI=true` it fails instead. Every browser has a fresh
//! profile, reaches this machine only, and ends with its test, however that ends.

#![expect(clippy::indexing_slicing, reason = "of a JSON value it gives null, and never panics")]

use fantoccini::{
    Client, ClientBuilder, Locator,
    actions::{InputSource, KeyAction, KeyActions},
    key::Key,
    wd::{Capabilities, WebDriverCompatibleCommand},
};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::{Method, Url};
use serde_json::{Value, json};
use sha2::{Digest, Sha512};
use std::{
    env,
    fmt::Write as _,
    fs::{self, File},
    io::Write as _,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    str::FromStr,
    sync::{Mutex, OnceLock},
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::sync::{Semaphore, SemaphorePermit};

/// How long a page, or the browser itself, may take to get where a test waits for it.
const PATIENCE: Duration = Duration::from_secs(30);
/// Each browser is a handful of processes; two of them keep two cores busy.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// The accessibility checker, from the npm registry, and the SHA-512 of its package as the registry published it.
const AXE: &str = "axe-core@4.14.1";
const AXE_SHA512: &str = "1477dafa598d8d065f273d6af302aa203c02e83131707b7fa648cd41bd3d6b734f8c22a0dab86ee6a6f64b8afbe804b214d36db85a2826965edfb3a0b9d546b5";

/// Becomes the leader of the driver's and the browser's process group, and ends that group once standard input comes to
/// its end: the kernel closes that pipe however the test ends, a kill included.
const WATCHDOG: &str = r#"exec 3<&0; "$@" </dev/null 3<&- & read -r _ <&3; kill -KILL 0"#;

/// Keeps what the page itself hears of its content security policy: a violation need not reach the console.
const LISTEN_FOR_VIOLATIONS: &str = "window.violations = []; \
    addEventListener('securitypolicyviolation', (v) => window.violations.push(`${v.violatedDirective} ${v.blockedURI}`));";

/// A browser with one window.
pub struct Browser {
    client: Client,
    requests: Mutex<Vec<Value>>,
    _processes: Processes,
    _permit: SemaphorePermit<'static>,
}

/// A request that the browser made.
#[derive(Debug, Clone)]
pub struct Request {
    /// What it asked for, without a fragment.
    pub url: Url,
    /// All that the browser tells of it: address, headers, body.
    pub all: String,
}

/// How the page is looked at.
#[derive(Debug, Clone, Copy)]
pub enum Look {
    /// In light colours on a wide screen.
    LightAndWide,
    /// In dark colours on a screen of 320 pixels, which is also what a page of 1280 becomes at a zoom of 400 %.
    DarkAndNarrow,
}

impl Browser {
    /// Starts one; none where there is no Chromium to be had, which it has said then.
    pub async fn start() -> Option<Self> {
        let permit = AT_ONCE.acquire().await.expect("never closed");
        let tools = tokio::task::spawn_blocking(Tools::get).await.expect("looking for a browser ends").as_ref();
        let tools = match tools {
            Ok(tools) => tools,
            Err(reason) => {
                skip("browser test", reason);
                return None;
            }
        };
        let (processes, driver) = Processes::start(&tools.driver).await;
        let mut arguments = vec![
            "--headless=new".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--disable-breakpad".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--no-proxy-server".to_owned(),
            // Whatever a page might ask of elsewhere: it gets nothing, and the attempt stands in the log.
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1".to_owned(),
            "--lang=en-US".to_owned(),
            "--window-size=1280,900".to_owned(),
            format!("--user-data-dir={}", processes.profile.path().join("profile").display()),
        ];
        if is_root() {
            // Chromium's sandbox refuses to run as root.
            arguments.push("--no-sandbox".to_owned());
        }
        let capabilities = json!({
            "browserName": "chrome",
            "goog:chromeOptions": {"binary": tools.chromium, "args": arguments},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            "timeouts": {"script": 60_000},
        });
        let Value::Object(capabilities) = capabilities else { unreachable!("it is written as an object") };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(Capabilities::from(capabilities))
            .connect(&driver)
            .await
            .unwrap_or_else(|error| panic!("no session with the browser: {error}\n{}", processes.log()));
        let browser = Self { client, requests: Mutex::default(), _processes: processes, _permit: permit };
        // Away from the browser's own first page, and what that has loaded forgotten.
        browser.client.goto("about:blank").await.expect("an empty page");
        for log in ["performance", "browser"] {
            browser.log(log).await;
        }
        browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": LISTEN_FOR_VIOLATIONS})).await;
        browser.look(Look::LightAndWide).await;
        Some(browser)
    }

    /// Opens an address, as a click in a mail does: in a fresh document, even if only the fragment differs.
    pub async fn open(&self, address: &str) {
        self.client.goto("about:blank").await.expect("an empty page");
        self.client.goto(address).await.expect("the page loads");
    }

    /// Runs a script in the page and gives what it returns.
    pub async fn run(&self, script: &str, arguments: &[Value]) -> Value {
        self.client.execute(script, arguments.to_vec()).await.expect(script)
    }

    /// Runs a script in the page until it calls its last argument.
    pub async fn wait_for(&self, script: &str) -> Value {
        self.client.execute_async(script, Vec::new()).await.expect(script)
    }

    /// What a person sees of an element; nothing while it is hidden.
    pub async fn text(&self, selector: &str) -> String {
        let script =
            "const e = document.querySelector(arguments[0]); return e && e.checkVisibility() ? e.innerText : '';";
        self.run(script, &[json!(selector)]).await.as_str().unwrap_or_default().to_owned()
    }

    /// An attribute of an element.
    pub async fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let script = "return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? null;";
        self.run(script, &[json!(selector), json!(name)]).await.as_str().map(ToOwned::to_owned)
    }

    /// Waits until an element shows this text, and gives all of what it shows.
    pub async fn shows(&self, selector: &str, text: &str) -> String {
        let start = Instant::now();
        loop {
            let seen = self.text(selector).await;
            if seen.contains(text) && !seen.is_empty() {
                return seen;
            }
            if start.elapsed() > PATIENCE {
                let page = self.text("body").await;
                panic!(
                    "{selector} does not show {text:?} but {seen:?}; the page:\n{page}\n{:?}",
                    self.complaints().await
                );
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until an element is there to be seen.
    pub async fn is_there(&self, selector: &str) {
        let start = Instant::now();
        let script = "return document.querySelector(arguments[0])?.checkVisibility() ?? false;";
        while self.run(script, &[json!(selector)]).await != json!(true) {
            if start.elapsed() > PATIENCE {
                let page = self.text("body").await;
                panic!("{selector} is not there; the page:\n{page}\n{:?}", self.complaints().await);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Clicks where the element is, as a mouse would; one that something covers can't be clicked.
    pub async fn click(&self, selector: &str) {
        let element = self.client.find(Locator::Css(selector)).await.expect(selector);
        element.click().await.expect(selector);
    }

    /// Types into a field, key by key.
    pub async fn type_into(&self, selector: &str, text: &str) {
        let element = self.client.find(Locator::Css(selector)).await.expect(selector);
        element.send_keys(text).await.expect(selector);
    }

    /// Presses one key, wherever the focus is.
    pub async fn press(&self, key: Key) {
        self.keys(&key.to_string()).await;
    }

    /// Types wherever the focus is.
    pub async fn keys(&self, text: &str) {
        let actions = text.chars().fold(KeyActions::new("keyboard".into()), |actions, value| {
            actions.then(KeyAction::Down { value }).then(KeyAction::Up { value })
        });
        self.client.perform_actions(actions).await.expect("keys are pressed");
    }

    /// The id of the element that has the focus, and whether the page shows where that is.
    pub async fn focus(&self) -> (String, bool) {
        let script = "const e = document.activeElement, s = getComputedStyle(e); \
            return [e.id, s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0];";
        let found = self.run(script, &[]).await;
        (found[0].as_str().unwrap_or_default().to_owned(), found[1].as_bool().unwrap_or_default())
    }

    /// Goes on with the tab key until the focus is on this element, which must show it.
    pub async fn tab_to(&self, id: &str) {
        let mut passed = Vec::new();
        while passed.len() < 30 {
            self.press(Key::Tab).await;
            let (focus, is_shown) = self.focus().await;
            if focus == id {
                assert!(is_shown, "nobody sees that {id} has the focus");
                return;
            }
            passed.push(focus);
        }
        panic!("the tab key does not lead to {id}, but to {passed:?}");
    }

    /// Sends a header with every request from now on.
    pub async fn send_header(&self, name: &str, value: &str) {
        self.devtools("Network.setExtraHTTPHeaders", json!({"headers": {name: value}})).await;
    }

    /// Looks at the page so.
    pub async fn look(&self, look: Look) {
        let scheme = match look {
            Look::LightAndWide => "light",
            Look::DarkAndNarrow => "dark",
        };
        // Without motion: halfway through a change of colours no contrast is what it is going to be.
        let features = [("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")];
        let features: Vec<Value> = features.map(|(name, value)| json!({"name": name, "value": value})).to_vec();
        self.devtools("Emulation.setEmulatedMedia", json!({"features": features})).await;
        self.size(look, 900).await;
    }

    async fn size(&self, look: Look, height: u64) {
        let width = match look {
            Look::LightAndWide => 1280,
            Look::DarkAndNarrow => 320,
        };
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Fails if axe finds a barrier in the page as it stands, in light and in dark, wide and narrow; or if one has to
    /// scroll sideways on the narrow one. `step` names the page in the message; with a folder in `RAPPORT_SCREENSHOTS` a
    /// picture of it is kept there.
    pub async fn has_no_barrier(&self, step: &str) {
        let axe = tokio::task::spawn_blocking(|| AXE_SCRIPT.get_or_init(axe_script)).await.expect("axe is fetched");
        let axe = match axe {
            Ok(axe) => axe,
            Err(reason) => return skip("check by axe", reason),
        };
        for look in [Look::LightAndWide, Look::DarkAndNarrow] {
            self.look(look).await;
            if let Some(folder) = env::var_os("RAPPORT_SCREENSHOTS") {
                self.take_picture(&Path::new(&folder).join(format!("{step}, {look:?}.png")), look).await;
            }
            if self.run("return typeof axe", &[]).await == "undefined" {
                self.run(axe, &[]).await;
            }
            let run = "const done = arguments[arguments.length - 1]; \
                const values = ['wcag2a', 'wcag2aa', 'wcag2aaa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']; \
                axe.run(document, {runOnly: {type: 'tag', values}}).then((found) => done({ \
                    passed: found.passes.length, \
                    violations: found.violations.map((v) => `${v.id}: ${v.help}: ` + \
                        v.nodes.map((n) => `${n.html} ${n.failureSummary}`).join('; ')) \
                }), (error) => done({error: String(error)}));";
            let found = self.client.execute_async(run, Vec::new()).await.expect("axe runs");
            assert!(found["violations"] == json!([]), "{step}, {look:?}: {found:#}");
            assert!(found["passed"].as_u64() > Some(10), "{step}: axe looked at almost nothing: {found:#}");
            let overflow = "const d = document.documentElement; return d.scrollWidth - d.clientWidth;";
            assert_eq!(self.run(overflow, &[]).await, json!(0), "{step}, {look:?}: wider than the screen");
        }
        self.look(Look::LightAndWide).await;
    }

    /// Every request so far, in order.
    pub async fn requests(&self) -> Vec<Request> {
        let fresh = self.log("performance").await;
        let mut requests = self.requests.lock().expect("nobody panicked here");
        for entry in fresh {
            let message: Value = serde_json::from_str(entry["message"].as_str().unwrap_or_default()).expect("JSON");
            let mut event = message["message"].clone();
            if event["method"] == "Network.requestWillBeSent" {
                // It stays in the browser; everything else in the event goes out.
                event["params"]["request"].as_object_mut().expect("a request").remove("urlFragment");
                event["params"].as_object_mut().expect("parameters").remove("documentURL");
                requests.push(event["params"].take());
            }
        }
        let made = requests.iter().filter_map(|params| {
            let url = Url::parse(params["request"]["url"].as_str()?).ok()?;
            url.host_str().is_some().then(|| Request { url, all: params.to_string() })
        });
        made.collect()
    }

    /// What the console complains of, and what broke the content security policy, since the last call.
    pub async fn complaints(&self) -> Vec<String> {
        let console = self.log("browser").await.into_iter().filter_map(|entry| {
            let is_serious = !matches!(entry["level"].as_str(), Some("INFO" | "DEBUG"));
            is_serious.then(|| entry["message"].as_str().unwrap_or_default().to_owned())
        });
        let mut complaints: Vec<String> = console.collect();
        let violations = self.run("return (window.violations ?? []).splice(0);", &[]).await;
        complaints.extend(violations.as_array().into_iter().flatten().map(ToString::to_string));
        complaints
    }

    /// Fails if the console complained, the content security policy was broken, or anything but this service was asked.
    pub async fn is_content_with(&self, service: &str) {
        assert_eq!(self.complaints().await, Vec::<String>::new());
        self.asked_only(service).await;
    }

    /// Fails if anything but this service was asked.
    pub async fn asked_only(&self, service: &str) {
        let own = Url::parse(service).expect("an address").origin();
        let requests = self.requests().await;
        let elsewhere = requests.iter().filter(|request| request.url.origin() != own);
        let elsewhere: Vec<&str> = elsewhere.map(|request| request.url.as_str()).collect();
        assert!(!requests.is_empty(), "the page was not loaded at all");
        assert!(elsewhere.is_empty(), "asked of somebody else: {elsewhere:#?}");
    }

    /// Keeps what the whole page looks like.
    async fn take_picture(&self, file: &Path, look: Look) {
        let height = self.run("return document.documentElement.scrollHeight;", &[]).await.as_u64().unwrap_or(900);
        self.size(look, height.max(900)).await;
        fs::write(file, self.client.screenshot().await.expect("a picture")).expect("the picture is written");
        self.size(look, 900).await;
    }

    async fn devtools(&self, method: &'static str, parameters: Value) -> Value {
        let command = Vendor { path: "goog/cdp/execute", body: json!({"cmd": method, "params": parameters}) };
        self.client.issue_cmd(command).await.expect(method)
    }

    async fn log(&self, kind: &'static str) -> Vec<Value> {
        let command = Vendor { path: "se/log", body: json!({"type": kind}) };
        let entries = self.client.issue_cmd(command).await.expect("the browser's log");
        entries.as_array().cloned().unwrap_or_default()
    }
}

/// A command that Chromium's driver knows beyond the standard.
#[derive(Debug)]
struct Vendor {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Vendor {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as FromStr>::Err> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

/// The driver, the browser that it starts, and their files. They end when this is dropped or this process ends.
struct Processes {
    group: Child,
    profile: TempDir,
}

impl Processes {
    /// Starts a driver on a free port and gives its address.
    async fn start(driver: &Path) -> (Self, String) {
        let profile = tempfile::Builder::new().prefix("rapport-browser-").tempdir().expect("a folder");
        let log = File::create(profile.path().join("driver.log")).expect("a log");
        let group = Command::new("sh")
            .args(["-c", WATCHDOG, "watchdog"])
            .arg(driver)
            .arg("--port=0")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            // Nothing of the person who runs the tests: not their settings, not their proxy.
            .env("HOME", profile.path())
            .env("TMPDIR", profile.path())
            .env("XDG_CONFIG_HOME", profile.path())
            .env("XDG_CACHE_HOME", profile.path())
            .env("LC_ALL", "en_US.UTF-8")
            .env("LANGUAGE", "en_US")
            // Not the clock of Greenwich, so that a mistake between the two shows.
            .env("TZ", "America/Denver")
            .spawn()
            .expect("a shell");
        let processes = Self { group, profile };
        let start = Instant::now();
        loop {
            let log = processes.log();
            let port = log.split_once("started successfully on port ").and_then(|(_, rest)| rest.split('.').next());
            if let Some(port) = port.and_then(|port| port.parse::<u16>().ok()) {
                return (processes, format!("http://127.0.0.1:{port}/"));
            }
            assert!(start.elapsed() < PATIENCE, "the driver does not start: {log}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.profile.path().join("driver.log")).unwrap_or_default()
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        // The watchdog does the rest.
        drop(self.group.stdin.take());
        self.group.wait().ok();
        // Processes that are just ending may still put a file there.
        let start = Instant::now();
        while fs::remove_dir_all(self.profile.path()).is_err()
            && self.profile.path().exists()
            && start.elapsed() < Duration::from_secs(5)
        {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// What a browser is started with.
struct Tools {
    chromium: PathBuf,
    driver: PathBuf,
}

impl Tools {
    /// Finds them, or installs them; once in a test run.
    fn get() -> &'static Result<Self, String> {
        static TOOLS: OnceLock<Result<Tools, String>> = OnceLock::new();
        TOOLS.get_or_init(|| {
            provide(
                "Chromium and its driver",
                &[
                    ("apt-get", &["chromium", "chromium-driver", "fonts-dejavu-core"]),
                    ("dnf", &["chromium", "chromedriver", "dejavu-sans-fonts"]),
                    ("apk", &["chromium", "chromium-chromedriver", "font-dejavu"]),
                ],
                Self::find,
            )
        })
    }

    fn find() -> Option<Self> {
        const CHROMIUM: [&str; 5] =
            ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "Google Chrome"];
        Some(Self { chromium: program(&CHROMIUM)?, driver: program(&["chromedriver"])? })
    }
}

/// A program of one of these names, on the path or where distributions put it.
fn program(names: &[&str]) -> Option<PathBuf> {
    const PLACES: [&str; 7] = [
        "/usr/bin",
        "/usr/local/bin",
        "/usr/lib/chromium",
        "/usr/lib/chromium-browser",
        "/opt/google/chrome",
        "/opt/homebrew/bin",
        "/Applications/Google Chrome.app/Contents/MacOS",
    ];
    let path = env::var_os("PATH").unwrap_or_default();
    let places: Vec<PathBuf> = env::split_paths(&path).chain(PLACES.map(PathBuf::from)).collect();
    names.iter().find_map(|name| places.iter().map(|place| place.join(name)).find(|file| file.is_file()))
}

/// What `find` finds; if that is nothing, as root what it finds after an installation with the package manager.
fn provide<T>(what: &str, packages: &[(&str, &[&str])], find: impl Fn() -> Option<T>) -> Result<T, String> {
    if let Some(found) = find() {
        return Ok(found);
    }
    if !is_root() {
        return Err(format!("{what} not found, and only root can install it"));
    }
    let known = packages.iter().find(|(manager, _)| program(&[manager]).is_some());
    let (manager, packages) = known.ok_or_else(|| format!("{what} not found, nor a package manager known here"))?;
    // Another test run may be at it already.
    let lock = File::create(tools_folder().join("install.lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    if let Some(found) = find() {
        return Ok(found);
    }
    tell(&format!("{what} not found: installing {} with {manager} ...", packages.join(" ")));
    let run = |arguments: &[&str], more: &[&str]| {
        let output = Command::new(manager).env("DEBIAN_FRONTEND", "noninteractive").args(arguments).args(more).output();
        let output = output.map_err(|error| format!("{manager}: {error}"))?;
        let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        output.status.success().then_some(()).ok_or_else(|| format!("{manager} failed: {message}"))
    };
    match *manager {
        "apt-get" => {
            let wait = ["-o", "DPkg::Lock::Timeout=600"];
            // One unreachable list of many fails this, yet what we need may be known all the same.
            let updated = run(&wait, &["update", "-q"]);
            run(&[&wait[..], &["install", "-y", "-q", "--no-install-recommends"]].concat(), packages)
                .map_err(|error| updated.err().unwrap_or(error))?;
        }
        "apk" => run(&["add", "--quiet", "--no-progress"], packages)?,
        _ => run(&["install", "-y", "-q"], packages)?,
    }
    find().ok_or_else(|| format!("{manager} installed {}, yet {what} is not to be found", packages.join(" ")))
}

static AXE_SCRIPT: OnceLock<Result<String, String>> = OnceLock::new();

/// The checker's script, from a package whose bytes are the pinned ones; fetched once and kept beside what cargo built.
fn axe_script() -> Result<String, String> {
    let folder = tools_folder();
    let package = folder.join(format!("{}.tgz", AXE.replace('@', "-")));
    if !is_pinned(&package) {
        let packages: [(&str, &[&str]); 3] = [("apt-get", &["npm"]), ("dnf", &["npm"]), ("apk", &["npm"])];
        let npm = provide("npm", &packages, || program(&["npm"]))?;
        // Fetched beside and renamed when complete: other test runs may be at it too.
        let beside = tempfile::tempdir_in(&folder).map_err(|error| error.to_string())?;
        let output = Command::new(npm)
            .args(["pack", AXE, "--silent", "--pack-destination"])
            .arg(beside.path())
            .current_dir(beside.path())
            .output()
            .map_err(|error| format!("npm: {error}"))?;
        let fetched = beside.path().join(String::from_utf8_lossy(&output.stdout).trim());
        if !(output.status.success() && fetched.is_file()) {
            return Err(format!("npm could not fetch {AXE}: {}", String::from_utf8_lossy(&output.stderr).trim()));
        }
        assert!(is_pinned(&fetched), "the registry's {AXE} is not the one that is pinned here");
        fs::rename(&fetched, &package).map_err(|error| error.to_string())?;
    }
    let output = Command::new("tar").arg("-xzOf").arg(&package).arg("package/axe.min.js").output();
    let output = output.map_err(|error| format!("tar: {error}"))?;
    assert!(output.status.success(), "{AXE} has no script: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}

fn is_pinned(package: &Path) -> bool {
    let Ok(bytes) = fs::read(package) else { return false };
    let digest = Sha512::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a string grows");
        hex
    });
    digest == AXE_SHA512
}

/// A folder for what tests need, beside what cargo built.
fn tools_folder() -> PathBuf {
    // target/debug/deps/journeys-...
    let built = env::current_exe().expect("a program has a place");
    let folder = built.ancestors().nth(3).expect("cargo's folders").join("test-tools");
    fs::create_dir_all(&folder).expect("a folder for tools");
    folder
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Says that a test did not run; where that must not be, it fails.
fn skip(what: &str, reason: &str) {
    assert!(env::var_os("CI").is_none_or(|value| value != "true"), "a {what} can't run, and CI needs it: {reason}");
    tell(&format!("SKIPPED: a {what} did not run: {reason}"));
}

/// Past the test runner, which keeps what a test prints to itself while the test is well.
fn tell(line: &str) {
    writeln!(std::io::stderr(), "\n*** {line}\n").ok();
}
