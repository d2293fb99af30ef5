// The patient's page behind a consent link: prove who you are, read, sign or decline, and later revoke.
//
// Loading it sends nothing: mail scanners open links and run scripts, and none of them may use up a code or a try.
// Every request follows a click.
import { $, call as send, during, dropSecret, element, fieldError, isBusy, randomKey, say, show as showStep, takeSecret, tokenStore, waitInWords } from "/assets/link.js";

const linkId = location.pathname.replace(/\/+$/, "").split("/").pop();
const api = `/v1/consent_links/${linkId}`;
const token = tokenStore(`rapport-csrf-${linkId}`);

let secret = takeSecret();
let csrf = token.read();
let consent = null;
// One key for each intent: a second try after a lost answer must not count as a second act.
let intent = null;

const stepIds = ["code", "open", "resume", "consent", "dead", "nolink"];

// ---- small helpers ----

function keepToken(fresh) {
  csrf = fresh;
  token.keep(fresh);
}

const show = (step, options) => showStep(stepIds, step, { ...options, afresh: step === "consent" });

const call = (method, path, { body, change } = {}) =>
  send(api + path, method, change ? { body, csrf, key: intent.key } : { body });

// What any step may meet. Kinds that only one step knows are dealt with there, before this.
function fail(answer) {
  if (answer.status === 0) {
    say("We could not reach the service. Check your connection and try again. Nothing is lost.", "error");
  } else if (answer.status === 404) {
    forget();
    show("dead");
  } else if (answer.status === 401) {
    sessionLost();
  } else if (answer.status === 429) {
    say(`That was a lot of tries in a short time. Please wait ${waitInWords(answer.wait)}, then try again.`, "error");
  } else if (answer.status === 503) {
    say(`The service is busy. Nothing was changed. Please wait ${waitInWords(answer.wait)}, then try again.`, "error");
  } else if (answer.status === 403) {
    say("This can’t be done from here. The link is for the patient alone: if you are signed in as a clinic, sign out first, or open the link in another browser.", "error");
  } else {
    const id = answer.problem.request_id;
    const quote = id ? ` If it happens again, tell your clinic this number: ${id}` : "";
    say(`Something went wrong on our side. Please try again in a minute.${quote}`, "error");
  }
}

function forget() {
  keepToken(null);
  consent = null;
  secret = "";
  dropSecret();
}

function sessionLost() {
  keepToken(null);
  // Nothing of the consent stays in the page once the right to read it is gone.
  consent = null;
  for (const id of ["terms", "statement", "statement-hash", "lead", "state"]) $(id).replaceChildren();
  $("state").dataset.state = "";
  $("signed-name").value = "";
  if (secret) {
    show("code");
    say("You were away for a while, so we closed the page to keep it safe. Please get a new code. Nothing was changed.");
  } else {
    show("nolink");
    say("You were away for a while, so we closed the page to keep it safe. Please open the link in the message again. Nothing was changed.");
  }
}

// ---- step 1 and 2: who is it ----

async function sendCode() {
  const answer = await call("POST", "/challenge", { body: { secret } });
  if (!answer.ok) {
    // A secret of the wrong form is refused as a field; to the reader it is a link that doesn't work.
    if (answer.status === 422 || answer.status === 400) return fail({ status: 404 });
    return fail(answer);
  }
  const life = Math.max(1, Math.round(answer.content.expires_in / 60));
  $("sent").textContent =
    `We sent a code to ${answer.content.sent_to}. It works for ${life === 1 ? "1 minute" : `${life} minutes`}. ` +
    "If you don’t see it, look in your spam folder too.";
  $("code").value = "";
  fieldError("birth-date", "");
  fieldError("code", "");
  const again = !$("step-open").hidden;
  show("open", { focus: !again });
  if (again) {
    say("We sent a new code. The one before does not work any more.", "good");
    $("code").focus();
  }
}

async function openSession() {
  const birthDate = $("birth-date").value;
  const code = $("code").value.replace(/\D/g, "");
  const dateWrong = !/^\d{4}-\d{2}-\d{2}$/.test(birthDate) || birthDate > today();
  const codeWrong = code.length !== 6;
  fieldError("birth-date", dateWrong ? "Enter your date of birth: month, day and year." : "");
  fieldError("code", codeWrong ? "Enter the six digits from the message." : "");
  if (dateWrong || codeWrong) {
    $(dateWrong ? "birth-date" : "code").focus();
    return;
  }
  const answer = await call("POST", "/session", { body: { secret, birth_date: birthDate, code } });
  if (!answer.ok) {
    if (answer.status === 401 || answer.status === 422) {
      say("The date of birth or the code is wrong, or the code is too old. Check both, or send a new code. After five wrong tries the link stops working.", "error");
      $("code").value = "";
      $("code").focus();
      return;
    }
    return fail(answer);
  }
  keepToken(answer.content.csrf_token);
  $("code").value = "";
  $("birth-date").value = "";
  // Only now: had it gone earlier, a reload before this point would have needed the mail again.
  dropSecret();
  await read();
}

function today() {
  const now = new Date();
  // The patient's own calendar day, not the day in Greenwich.
  return new Date(now.getTime() - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
}

// ---- step 3: read and decide ----

async function read() {
  const answer = await call("GET", "");
  if (!answer.ok) {
    // The session is open, so another try needs no code.
    if (csrf && !consent && answer.status !== 401 && answer.status !== 404) show("resume");
    fail(answer);
    return;
  }
  paint(answer.content);
}

async function change(name, path, body, done) {
  const print = JSON.stringify([name, body ?? null]);
  if (!intent || intent.print !== print) intent = { print, key: randomKey() };
  const answer = await call("POST", path, { body, change: true });
  if (answer.ok) {
    intent = null;
    paint(answer.content);
    say(done, "good");
    return;
  }
  // After these the same request may still be right; after any other answer the next click is a new one.
  const again = answer.status === 0 || answer.status >= 500 || answer.status === 429 || answer.slug === "idempotency-in-progress";
  if (!again) intent = null;
  if (answer.slug === "idempotency-in-progress") {
    say("Your first click is still on its way. Please wait a moment, then try again.", "error");
  } else if (answer.status === 409 || answer.status === 412) {
    // Somebody was faster: another tab, or the clinic. What counts is what stands now.
    await read();
    say("Something has changed since you opened this page. Here is how it stands now.");
  } else if (answer.status === 422 && name === "signature") {
    const fields = answer.problem.errors ?? [];
    if (fields.some((field) => field.pointer === "/signed_name")) {
      fieldError("signed-name", "Type your full name as you would sign it.");
      $("signed-name").focus();
    } else {
      await read();
      say("The statement has changed since you opened this page. Please read it again before you sign.", "error");
    }
  } else {
    fail(answer);
  }
}

const sign = async () => {
  const name = $("signed-name").value.trim();
  fieldError("signed-name", name ? "" : "Type your full name to sign.");
  if (!name) {
    $("signed-name").focus();
    return;
  }
  await change("signature", "/signature", { signed_name: name, statement_hash: consent.statement_hash },
    "Thank you. Your signature has been saved.");
};

// ---- putting it into words ----

const wordsOf = {
  pending: {
    eyebrow: "Step 3 of 3",
    badge: "Waiting for your answer",
    title: (c) => `${c.clinic_name} asks for your permission`,
    lead: () => "Please read what it would share, and with whom. Then sign or decline. Nothing is shared before you sign.",
  },
  active: {
    badge: "In force",
    title: () => "You gave this permission",
    lead: (c) => (c.starts_at && new Date(c.starts_at) > new Date()
      ? "It is signed. It starts on the date below."
      : "It is signed and it counts now. This page is your receipt."),
  },
  declined: {
    badge: "Declined",
    title: () => "You declined this request",
    lead: () => "Nothing is shared under it. If you change your mind, ask your clinic to send you a new request. This page is your receipt.",
  },
  revoked: {
    badge: "Revoked",
    title: () => "This permission was taken back",
    lead: () => "It has ended. Nobody can open your information on the strength of it any more. This page is your receipt.",
  },
  expired: {
    badge: "Expired",
    title: () => "This permission has ended",
    lead: () => "It ended by its date. Nobody can open your information on the strength of it any more. This page is your receipt.",
  },
  superseded: {
    badge: "Replaced",
    title: () => "A newer permission took its place",
    lead: () => "This one has ended. To see or take back the newer one, use the link in the newer message. This page is your receipt.",
  },
  lapsed: {
    badge: "Not answered in time",
    title: () => "This request has ended",
    lead: () => "It was not answered in time, so nothing is shared under it. If you still want to agree, ask your clinic for a new request. This page is your receipt.",
  },
  unknown: {
    badge: "Please ask your clinic",
    title: () => "We can’t tell how this stands",
    lead: () => "This page may be too old to show it. Load it again, or ask your clinic.",
  },
};

const howRevoked = {
  link: "by you, at this link",
  paper: "on paper, recorded by the clinic",
  word: "by the clinic, because you told it to",
};

function moment(iso) {
  const date = new Date(iso);
  const parts = { year: "numeric", month: "long", day: "numeric", hour: "numeric", minute: "2-digit" };
  return {
    local: new Intl.DateTimeFormat("en-US", { ...parts, timeZoneName: "short" }).format(date),
    utc: new Intl.DateTimeFormat("en-US", { ...parts, timeZone: "UTC", timeZoneName: "short" }).format(date),
  };
}

function whenElement(iso, before = "") {
  const { local, utc } = moment(iso);
  const time = element("time", local);
  time.dateTime = iso;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const own = zone && zone !== "UTC" ? ` (your time, ${zone.replace(/_/g, " ")})` : "";
  return [before, time, own, element("span", `That is ${utc}.`, { class: "second" })];
}

function list(items) {
  return items.length === 1 ? items[0] : element("ul", items.map((item) => element("li", item)));
}

function recipientInWords(recipient) {
  const mail = recipient.email ? ` (${recipient.email})` : "";
  if (recipient.kind === "clinic") return `${recipient.name}, with everybody who treats patients there`;
  if (recipient.kind === "practitioner") return `${recipient.name}, and nobody else there`;
  return `${recipient.name}${mail}`;
}

function fromInWords(c) {
  if (c.starts_at) return whenElement(c.starts_at);
  if (c.signed_at) return whenElement(c.signed_at, "Your signature: ");
  return c.state === "pending" ? "The moment that you sign" : "Never: it was not signed";
}

function paint(fresh) {
  consent = fresh;
  const words = wordsOf[fresh.state] ?? wordsOf.unknown;
  const pending = fresh.state === "pending";
  const active = fresh.state === "active";

  $("eyebrow-consent").textContent = words.eyebrow ?? "Your receipt";
  $("title-consent").textContent = words.title(fresh);
  $("state").dataset.state = fresh.state;
  $("state").textContent = words.badge;
  $("lead").textContent = words.lead(fresh);

  const rows = [
    ["About", fresh.patient_name],
    [pending ? "Who asks, and would share" : "Who shares", fresh.clinic_name],
    ["Who receives", list(fresh.recipients.map(recipientInWords))],
    ["What is shared", list(fresh.categories_in_words)],
    ["What for", fresh.purpose],
    ["From", fromInWords(fresh)],
    ["Until", whenElement(fresh.expires_at)],
    ["May they report back?", fresh.two_way
      ? `Yes. Those who receive may send reports about you back to ${fresh.clinic_name}.`
      : "No. It goes one way only."],
  ];
  if (fresh.signed_at) rows.push(["Signed", whenElement(fresh.signed_at)]);
  else if (!pending) rows.push(["Signed", "No"]);
  if (fresh.revoked_at) {
    const how = howRevoked[fresh.revocation_method];
    rows.push(["Revoked", [...whenElement(fresh.revoked_at), ...(how ? [element("span", `Done ${how}.`, { class: "second" })] : [])]]);
  }
  $("terms").replaceChildren(...rows.map(([term, text]) => element("div", [element("dt", term), element("dd", text)])));

  $("revocation-note").hidden = !(pending || active);
  $("revocation-how").textContent = pending
    ? "If you sign, you can revoke it at any time, at this same link. You don’t have to give a reason. You can also tell your clinic."
    : "You can revoke it at any time, at this same link. You don’t have to give a reason. You can also tell your clinic.";

  $("statement").textContent = fresh.statement;
  $("statement-hash").textContent = fresh.statement_hash;
  $("statement-summary").textContent = pending ? "The full statement that you sign, word for word" : "The full statement, word for word";
  // Who is about to sign a text should have it in front of them.
  $("statement-box").open = pending;

  fieldError("signed-name", "");
  if (!pending) $("signed-name").value = "";
  $("do-sign").hidden = !pending;
  $("do-revoke").hidden = !active;
  $("receipt").hidden = pending;
  $("shown-at").textContent = moment(new Date().toISOString()).local;
  toggle("decline", false);
  toggle("revoke", false);
  show("consent");
}

function toggle(name, open) {
  $(`${name}-panel`).hidden = !open;
  $(name).setAttribute("aria-expanded", String(open));
}

function confirmStep(name, work) {
  $(name).addEventListener("click", () => {
    if (isBusy()) return;
    toggle(name, true);
    $(`title-${name}`).focus();
    $(`${name}-panel`).scrollIntoView({ block: "nearest" });
  });
  $(`${name}-back`).addEventListener("click", () => {
    if (isBusy()) return;
    toggle(name, false);
    $(name).focus();
  });
  $(`${name}-confirm`).addEventListener("click", (event) => during(event.currentTarget, "One moment …", work));
}

// ---- what the person does ----

$("send-code").addEventListener("click", (event) => during(event.currentTarget, "Sending …", sendCode));
$("resend").addEventListener("click", (event) => during(event.currentTarget, "Sending …", sendCode));
$("resume").addEventListener("click", (event) => during(event.currentTarget, "One moment …", read));
$("open-form").addEventListener("submit", (event) => {
  event.preventDefault();
  during($("open"), "Checking …", openSession);
});
$("sign-form").addEventListener("submit", (event) => {
  event.preventDefault();
  during($("sign"), "Saving …", sign);
});
confirmStep("decline", () => change("refusal", "/refusal", undefined, "Your answer has been saved. Nothing is shared under this request."));
confirmStep("revoke", () => change("revocation", "/revocation", undefined, "The permission has ended. It can’t be used from now on."));
$("print").addEventListener("click", () => window.print());

// A receipt on paper has all of the text, whether or not it was folded in on the screen.
let folded = false;
addEventListener("beforeprint", () => {
  folded = !$("statement-box").open;
  $("statement-box").open = true;
});
addEventListener("afterprint", () => {
  if (folded) $("statement-box").open = false;
});

// The link pasted into this same tab changes nothing but the fragment, and the page isn't loaded again.
addEventListener("hashchange", () => {
  const fresh = takeSecret();
  if (!fresh) return;
  secret = fresh;
  start();
});

function start() {
  say("");
  $("birth-date").max = today();
  const step = secret ? "code" : csrf ? "resume" : "nolink";
  show(step, { focus: false });
}

start();
