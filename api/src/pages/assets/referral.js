// A guest's page behind the link to a referral: read, decline, or say that it was not meant for you.
import { $, call, day, element, moment, randomKey, say } from "/assets/link.js";
import { guestPage } from "/assets/guest.js";

// One key for each intent: a second try after a lost answer must not count as a second act.
let declining = null;

const urgencies = { routine: "In its turn", urgent: "Before others", emergent: "At once" };

function paint(referral) {
  const { content } = referral;
  const { patient } = content;
  $("title-referral").textContent = "A referral";
  const reach = [patient.phone, patient.email].filter(Boolean).join(", ");
  const rows = [
    ["About", `${patient.given_name} ${patient.family_name}`],
    ["Date of birth", day(patient.birth_date)],
    ["How to reach", reach || "Please ask the sender"],
    ["From", [referral.sender_clinic.name, element("span", `Sent by ${referral.sent_by.name} on ${moment(referral.sent_at)}.`, { class: "second" })]],
    ["How soon", urgencies[referral.urgency] ?? referral.urgency],
    ["To be read until", moment(content.consent_expires_at)],
  ];
  $("terms").replaceChildren(...rows.map(([term, text]) => element("div", [element("dt", term), element("dd", text)])));
  const asked = [
    ["What the patient has", content.condition],
    ["Why", content.reason],
    ["The question", content.question],
    ["What is asked for", (content.requested_services ?? []).join(", ")],
  ];
  const parts = asked.filter(([, text]) => text).flatMap(([title, text]) => [element("h3", title), element("p", text, { class: "as-typed" })]);
  $("asked").replaceChildren(...parts);
}

async function decline() {
  declining ??= randomKey();
  const answer = await call(`${guest.api}/decline`, "POST", { csrf: guest.csrf(), key: declining, body: { reason: $("reason").value } });
  if (answer.ok || (answer.status === 409 && answer.slug === "illegal-transition")) {
    return guest.end("declined");
  }
  // Another reason is another intent.
  declining = null;
  if (answer.status === 412 || answer.status === 409) return say("Please try again in a moment.", "error");
  guest.fail(answer);
}

const guest = guestPage({
  links: "referral_links",
  step: "referral",
  endings: ["declined"],
  panels: ["decline"],
  vanishing: ["terms", "asked", "title-referral"],
  paint,
});
guest.click("decline-confirm", "One moment …", decline);
