// Accepts an invitation. Loading it sends nothing: mail scanners open links and run scripts, and none of them may use
// an invitation up.
(() => {
  "use strict";

  const $ = (id) => document.getElementById(id);
  const shortest = 15;
  const stepIds = ["join", "done", "dead", "nolink"];

  let token = takeToken();
  let busy = false;
  // The same key goes with the same password, so that a try after a lost answer gets that answer and not "used before".
  let intent = null;

  function takeToken() {
    const text = location.hash.slice(1);
    try {
      return decodeURIComponent(text).trim();
    } catch {
      return text.trim();
    }
  }

  function randomKey() {
    // randomUUID is missing where the page comes without TLS, as on a developer's own network.
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function say(text, kind = "info") {
    const box = $("message");
    box.dataset.kind = kind;
    box.textContent = text;
    if (text) box.scrollIntoView({ block: "nearest" });
  }

  function show(step, { focus = true } = {}) {
    for (const id of stepIds) $(`step-${id}`).hidden = id !== step;
    const title = $(`title-${step}`);
    document.title = `${title.textContent} - Rapport`;
    if (focus) {
      scrollTo(0, 0);
      title.focus({ preventScroll: true });
    }
  }

  function fieldError(text) {
    $("password-error").textContent = text;
    $("password-error").hidden = !text;
    if (text) $("password").setAttribute("aria-invalid", "true");
    else $("password").removeAttribute("aria-invalid");
  }

  // Counted as people count, by characters and not by the units that JavaScript keeps them in.
  const length = () => [...$("password").value].length;

  function count() {
    const now = length();
    $("password-count").textContent = now < shortest ? `${now} of at least ${shortest} characters` : `${now} characters: long enough`;
    if (now >= shortest) fieldError("");
  }

  function waitInWords(seconds) {
    if (!Number.isFinite(seconds) || seconds <= 0) return "a minute";
    if (seconds < 60) return seconds === 1 ? "1 second" : `${seconds} seconds`;
    const minutes = Math.ceil(seconds / 60);
    return minutes === 1 ? "1 minute" : `${minutes} minutes`;
  }

  async function accept() {
    const password = $("password").value;
    if (length() < shortest) {
      fieldError(`Use at least ${shortest} characters. So far it has ${length()}.`);
      $("password").focus();
      return;
    }
    fieldError("");
    if (!intent || intent.password !== password) intent = { password, key: randomKey() };

    let response;
    let content = {};
    try {
      response = await fetch("/v1/members/accept", {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          Accept: "application/json, application/problem+json",
          "Idempotency-Key": intent.key,
        },
        body: JSON.stringify({ token, password }),
        credentials: "same-origin",
        cache: "no-store",
        redirect: "error",
        referrerPolicy: "no-referrer",
      });
      content = await response.json().catch((error) => {
        if (response.ok) throw error;
        return {};
      });
    } catch {
      say("We could not reach the service. Check your connection and try again. Nothing is lost.", "error");
      return;
    }

    if (response.ok) {
      finish(content);
      return;
    }
    const slug = String(content.type ?? "").split("/").pop();
    const wait = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
    const errors = content.errors ?? [];
    const refused = errors.find((field) => field.pointer === "/password");
    if (slug === "idempotency-in-progress") {
      say("Your first click is still on its way. Please wait a moment, then try again.", "error");
    } else if (response.status === 422 && refused) {
      fieldError(refused.message);
      $("password").focus();
    } else if (response.status === 404 || response.status === 401 || errors.some((field) => field.pointer === "/token")) {
      token = "";
      clear();
      show("dead");
    } else if (response.status === 409) {
      say("This e-mail address already signs in to Rapport. Ask the owner of your clinic’s account for help.", "error");
    } else if (response.status === 429) {
      say(`That was a lot of tries in a short time. Please wait ${waitInWords(wait)}, then try again.`, "error");
    } else if (response.status === 503) {
      say(`The service is busy. Nothing was changed. Please wait ${waitInWords(wait)}, then try again.`, "error");
    } else {
      const quote = content.request_id ? ` If it happens again, quote this number: ${content.request_id}` : "";
      say(`Something went wrong on our side. Please try again in a minute.${quote}`, "error");
    }
  }

  function clear() {
    $("password").value = "";
    intent = null;
    if (location.hash) history.replaceState(null, "", location.pathname);
  }

  function finish(member) {
    token = "";
    clear();
    $("title-done").textContent = member.name ? `Welcome, ${member.name}` : "Welcome";
    $("done-who").textContent = member.email ? `You have joined. You sign in as ${member.email}.` : "You have joined.";
    show("done");
    say("Your password has been saved.", "good");
  }

  $("password").addEventListener("input", count);
  $("show").addEventListener("change", (event) => {
    $("password").type = event.currentTarget.checked ? "text" : "password";
  });
  $("join-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    const button = $("join");
    button.setAttribute("aria-disabled", "true");
    button.textContent = "One moment …";
    say("");
    // A shown password would be offered by the browser's form memory as ordinary text.
    $("show").checked = false;
    $("password").type = "password";
    try {
      await accept();
    } finally {
      busy = false;
      button.removeAttribute("aria-disabled");
      button.textContent = "Join";
    }
  });

  // The link pasted into this same tab changes nothing but the fragment, and the page isn't loaded again.
  addEventListener("hashchange", () => {
    const fresh = takeToken();
    if (!fresh) return;
    token = fresh;
    say("");
    show("join");
  });

  show(token ? "join" : "nolink", { focus: false });
  count();
})();
