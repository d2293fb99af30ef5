// What the pages of guests have in common: prove who you are, go on where you were, say that it was not meant for you, ask for a
// new link. What is behind the link is the page's own.
//
// Loading a page sends nothing: mail scanners open links and run scripts, and none of them may use up a code or a try.
// Every request follows a click.
import { $, call, dropSecret, during, fieldError, isBusy, moment, say, show, takeSecret, tokenStore, waitInWords } from "/assets/link.js";

const linkId = location.pathname.replace(/\/+$/, "").split("/").pop();

const denials = {
  "consent-revoked": "The person whom it is about has taken the permission back, so it can’t be read any more.",
  "consent-expired": "The permission under which it was sent has ended by its date.",
  "consent-pending": "The permission under which it is sent does not count yet.",
  "consent-missing": "There is no permission any more under which it could be read.",
  "consent-too-narrow": "The permission was narrowed and does not cover this any more.",
  "recipient-not-named": "The permission does not name you any more.",
  "purpose-mismatch": "The permission is for another purpose.",
  "share-withdrawn": "The sender has taken it back.",
};

// A page: `links` is the word of its address, `step` that of what is read, `endings` are steps of its own after which nothing comes,
// `panels` the buttons that ask once more, `vanishing` the places of what is read, and `paint` shows that.
export function guestPage({ links, step: reading, endings = [], panels = [], vanishing, forget = () => {}, paint }) {
  const api = `/v1/${links}/${linkId}`;
  const token = tokenStore(`rapport-${reading}-csrf-${linkId}`);
  const steps = ["code", "open", "resume", reading, ...endings, "denied", "dead", "renewed", "reported", "nolink"];
  const asking = ["misdirected", ...panels];

  let secret = takeSecret();
  let csrf = token.read();

  function keep(fresh) {
    csrf = fresh;
    token.keep(fresh);
  }

  function go(step, options) {
    // Nothing of what was read stays in the page once the right to read it is gone.
    if (step !== reading) {
      for (const id of vanishing) $(id).replaceChildren();
      forget();
    }
    show(steps, step, options);
    $("astray").hidden = !(["code", "open"].includes(step) && secret) && step !== reading;
    for (const id of asking) toggle(id, false);
  }

  // The link has done what it can do.
  function end(step) {
    keep(null);
    secret = "";
    dropSecret();
    go(step);
  }

  function dead({ canRenew = true } = {}) {
    keep(null);
    $("renew").parentElement.hidden = !(secret && canRenew);
    $("can-renew").hidden = !(secret && canRenew);
    go("dead");
  }

  // What any step may meet. Kinds that only one step knows are dealt with there, before this.
  function fail(answer) {
    if (answer.status === 0) {
      say("We could not reach the service. Check your connection and try again. Nothing is lost.", "error");
    } else if (answer.status === 404 || answer.status === 422 || answer.status === 400) {
      dead();
    } else if (answer.status === 429) {
      say(`That was a little fast. Please try again in ${waitInWords(answer.wait)}.`, "error");
    } else if (answer.status === 401) {
      keep(null);
      go(secret ? "code" : "nolink");
      say("You were away for a while, so we closed the page to keep it safe. " + (secret ? "Please get a new code." : "Please open the link in the message again."));
    } else if (denials[answer.slug]) {
      $("denied-why").textContent = denials[answer.slug];
      go("denied");
    } else if (answer.status === 403) {
      say("This can’t be done from here. The link is for the recipient alone: if you are signed in as the clinic that sent it, sign out first.", "error");
    } else {
      const id = answer.problem.request_id;
      const quote = id ? ` If it happens again, tell the sender this number: ${id}` : "";
      say(`Something went wrong on our side. Please try again in a minute.${quote}`, "error");
    }
  }

  // ---- who is it ----

  async function sendCode() {
    const answer = await call(`${api}/challenge`, "POST", { body: { secret } });
    if (!answer.ok) return fail(answer);
    const life = Math.max(1, Math.round(answer.content.expires_in / 60));
    $("sent").textContent =
      `We sent a code to ${answer.content.sent_to}. It works for ${life === 1 ? "1 minute" : `${life} minutes`}. ` +
      "If you don’t see it, look in your spam folder too.";
    $("code").value = "";
    fieldError("code", "");
    const again = !$("step-open").hidden;
    go("open", { focus: !again });
    if (again) {
      say("We sent a new code. The one before does not work any more.", "good");
      $("code").focus();
    }
  }

  async function openSession() {
    const code = $("code").value.replace(/\D/g, "");
    fieldError("code", code.length === 6 ? "" : "Enter the six digits from the message.");
    if (code.length !== 6) return $("code").focus();
    const answer = await call(`${api}/session`, "POST", { body: { secret, code } });
    if (!answer.ok) {
      if (answer.status !== 401) return fail(answer);
      say("The code is wrong, or too old. Check it, or send a new code. After five wrong tries the link stops working.", "error");
      $("code").value = "";
      return $("code").focus();
    }
    keep(answer.content.csrf_token);
    $("code").value = "";
    // Only now: had it gone earlier, a reload before this point would have needed the mail again.
    dropSecret();
    await read();
  }

  async function read() {
    const answer = await call(api, "GET");
    if (answer.ok) {
      paint(answer.content);
      return go(reading);
    }
    // The session is open, so another try needs no code.
    if (csrf && ![401, 403, 404].includes(answer.status)) go("resume");
    fail(answer);
  }

  // ---- it went astray, or it lapsed ----

  function toggle(id, open) {
    $(`${id}-panel`).hidden = !open;
    $(id).setAttribute("aria-expanded", String(open));
  }

  async function misdirected() {
    // With the secret no session is needed: nobody should have to read first what is not for them.
    const how = secret ? { body: { secret } } : { body: {}, csrf };
    const answer = await call(`${api}/misdirected`, "POST", how);
    if (!answer.ok) return fail(answer);
    end("reported");
  }

  async function renew() {
    const answer = await call(`${api}/renewal`, "POST", { body: { secret } });
    if (answer.ok) {
      $("renewed").textContent = `We sent it to ${answer.content.sent_to}. It works until ${moment(answer.content.expires_at)}.`;
      secret = "";
      dropSecret();
      return go("renewed");
    }
    if (answer.status === 404 || answer.status === 422) {
      dead({ canRenew: false });
      return say("There is no new link to be had: it was answered or taken back, or the link is not the right one. Please call the sender.", "error");
    }
    fail(answer);
  }

  // ---- what the person does ----

  const click = (id, words, work) => $(id).addEventListener("click", (event) => during(event.currentTarget, words, work));
  click("send-code", "Sending …", sendCode);
  click("resend", "Sending …", sendCode);
  click("resume", "One moment …", read);
  click("renew", "Sending …", renew);
  click("misdirected-confirm", "One moment …", misdirected);
  $("open-form").addEventListener("submit", (event) => {
    event.preventDefault();
    during($("open"), "Checking …", openSession);
  });
  for (const id of asking) {
    $(id).addEventListener("click", () => {
      if (isBusy()) return;
      toggle(id, true);
      $(`title-${id}`).focus();
      $(`${id}-panel`).scrollIntoView({ block: "nearest" });
    });
    $(`${id}-back`).addEventListener("click", () => {
      if (isBusy()) return;
      toggle(id, false);
      $(id).focus();
    });
  }
  $("print").addEventListener("click", () => window.print());

  // The link pasted into this same tab changes nothing but the fragment, and the page isn't loaded again.
  addEventListener("hashchange", () => {
    const fresh = takeSecret();
    if (!fresh) return;
    secret = fresh;
    start();
  });

  function start() {
    say("");
    go(secret ? "code" : csrf ? "resume" : "nolink", { focus: false });
  }

  start();
  return { api, click, end, fail, csrf: () => csrf };
}
