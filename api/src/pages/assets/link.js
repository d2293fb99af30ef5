// What the pages behind links have in common: the secret in the fragment, one request at a time, each after a click, and a
// message beside the button that was used.

export const $ = (id) => document.getElementById(id);

export function takeSecret() {
  const text = location.hash.slice(1);
  try {
    return decodeURIComponent(text).trim();
  } catch {
    return text.trim();
  }
}

export function dropSecret() {
  if (location.hash) history.replaceState(null, "", location.pathname);
}

// The anti-CSRF token is worth nothing without the HttpOnly cookie, so it may outlive a reload of this tab. The secret may
// not: whoever has it can ask for codes, so it is only ever in memory and in the mail.
export function tokenStore(key) {
  return {
    read() {
      try {
        return sessionStorage.getItem(key);
      } catch {
        return null; // Storage can be switched off; a reload then starts at the mail's link again.
      }
    },
    keep(token) {
      try {
        if (token) sessionStorage.setItem(key, token);
        else sessionStorage.removeItem(key);
      } catch {
        // As above: it still works until the page is reloaded.
      }
    },
  };
}

export function randomKey() {
  // randomUUID is missing where the page comes without TLS, as on a developer's own network.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The button that was used last, while its step is in sight: what came of it is said beside it, where the eyes are.
let beside = null;
let busy = false;

export const isBusy = () => busy;

export function say(text, kind = "info") {
  const box = $("message");
  const first = document.querySelector("section");
  const moved = beside ? beside.nextElementSibling !== box : first.previousElementSibling !== box;
  if (moved && beside) beside.after(box);
  else if (moved) first.before(box);
  box.dataset.kind = kind;
  box.textContent = text;
  if (text) box.scrollIntoView({ block: "nearest" });
}

// `afresh`: what was said before is of what the step showed before.
export function show(steps, step, { focus = true, afresh = false } = {}) {
  const from = steps.find((id) => !$(`step-${id}`).hidden);
  if (from !== step || afresh) {
    beside = null;
    say("");
  }
  for (const id of steps) $(`step-${id}`).hidden = id !== step;
  const title = $(`title-${step}`);
  document.title = `${title.textContent} - Rapport`;
  if (focus) {
    scrollTo(0, 0);
    title.focus({ preventScroll: true });
  }
}

export function fieldError(id, text) {
  const input = $(id);
  const place = $(`${id}-error`);
  place.textContent = text;
  place.hidden = !text;
  if (text) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

export async function call(address, method, { body, csrf, key } = {}) {
  const headers = { Accept: "application/json, application/problem+json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (csrf !== undefined) headers["X-CSRF-Token"] = csrf ?? "";
  if (key !== undefined) headers["Idempotency-Key"] = key;
  let response;
  try {
    response = await fetch(address, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
  } catch {
    return { status: 0, slug: "network", problem: {} };
  }
  if (response.status === 204) return { status: 204, ok: true, content: {} };
  let content = {};
  try {
    content = await response.json();
  } catch {
    // An answer was cut off on its way, or a proxy put a page of its own in its place.
    if (response.ok) return { status: 0, slug: "network", problem: {} };
  }
  if (response.ok) return { status: response.status, ok: true, content };
  return {
    status: response.status,
    slug: String(content?.type ?? "").split("/").pop(),
    problem: content ?? {},
    wait: Number.parseInt(response.headers.get("Retry-After") ?? "", 10),
  };
}

// One request at a time, with the button that asked for it marked as waiting.
export async function during(button, waiting, work) {
  if (busy) return;
  busy = true;
  const label = button.textContent;
  // Moved while it is still empty, so that a screen reader has met it there before it says something.
  beside = button.closest(".actions");
  button.setAttribute("aria-disabled", "true");
  button.textContent = waiting;
  say("");
  try {
    await work();
  } finally {
    busy = false;
    button.removeAttribute("aria-disabled");
    button.textContent = label;
  }
}

export function waitInWords(seconds) {
  if (!Number.isFinite(seconds) || seconds <= 0) return "a minute";
  if (seconds < 60) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes > 90) return "some hours";
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}

export function element(name, content = [], attributes = {}) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  // Text, never markup: all of it was typed by somebody.
  made.append(...[content].flat());
  return made;
}

export function moment(iso) {
  const parts = { year: "numeric", month: "long", day: "numeric", hour: "numeric", minute: "2-digit", timeZoneName: "short" };
  return new Intl.DateTimeFormat("en-US", parts).format(new Date(iso));
}

export function day(iso) {
  const parts = { year: "numeric", month: "long", day: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat("en-US", parts).format(new Date(`${iso}T00:00:00Z`));
}
