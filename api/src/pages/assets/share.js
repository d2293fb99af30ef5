// A guest's page behind the link to a share: read, acknowledge, or say that it was not meant for you.
import { $, call, day, element, moment, randomKey, say } from "/assets/link.js";
import { drawReport } from "/assets/draw_report.js";
import { guestPage } from "/assets/guest.js";

// One key for each intent: a second try after a lost answer must not count as a second act.
let acknowledgement = null;

const states = {
  delivered: "New",
  opened: "Opened",
  acknowledged: "Read, and the sender knows",
  withdrawn: "Taken back",
};

function paint(share) {
  const { content } = share;
  $("title-share").textContent = share.kind === "treatment_plan" ? "A treatment plan" : "A progress report";
  paintState(share);
  const by = content.signed_by;
  const rows = [
    ["About", `${content.patient.given_name} ${content.patient.family_name}`],
    ["Date of birth", day(content.patient.birth_date)],
    ["From", [share.sender_clinic.name, element("span", `Sent by ${share.sent_by.name} on ${moment(share.delivered_at)}.`, { class: "second" })]],
    ["To", share.recipient.name],
    ["What for", share.purpose.replaceAll("_", " ")],
    ["Signed by", `${by.name}${by.profession ? `, ${by.profession.replaceAll("_", " ")}` : ""}, ${moment(content.signed_at)}`],
    ["To be read until", moment(content.consent_expires_at)],
  ];
  $("terms").replaceChildren(...rows.map(([term, text]) => element("div", [element("dt", term), element("dd", text)])));
  $("cover").hidden = !content.cover_letter;
  $("cover-text").textContent = content.cover_letter ?? "";
  $("report").replaceChildren(...drawReport(content.body), ...drawFiles(content.attachments ?? []));
  $("notice").textContent = `${content.notice} Fingerprint of the whole report (SHA-256): ${content.content_hash}`;
}

// Each file is fetched by a click and saved, never shown here: fetching it is a reading of its own.
function drawFiles(files) {
  if (files.length === 0) return [];
  const items = files.map((file) => {
    const size = `${Math.max(1, Math.round(file.size / 1024))} KB`;
    const link = element("a", file.file_name, { href: `${guest.api}/attachments/${file.id}/content`, download: file.file_name });
    return element("li", [link, element("span", `${size}. Fingerprint (SHA-256): ${file.sha256.slice(0, 16)} …`, { class: "second" })]);
  });
  return [element("h3", "Files"), element("ul", items, { id: "files" })];
}

function paintState(share) {
  $("state").dataset.state = share.state;
  $("state").textContent = states[share.state] ?? share.state;
  const isOpen = share.state === "opened";
  $("do-acknowledge").hidden = !["opened", "acknowledged"].includes(share.state);
  $("acknowledge").hidden = !isOpen;
  $("title-acknowledge").textContent = isOpen ? "Let the sender know" : "The sender knows that you have read it";
}

// The button that was used is gone, and the focus with it: it goes on at what takes its place.
function acknowledged(share, text) {
  paintState(share);
  $("title-acknowledge").focus();
  say(text, "good");
}

async function acknowledge() {
  acknowledgement ??= randomKey();
  const answer = await call(`${guest.api}/acknowledgement`, "POST", { csrf: guest.csrf(), key: acknowledgement });
  if (answer.ok) return acknowledged(answer.content, "Thank you. The sender sees that you have read it.");
  if (answer.status === 409 && answer.slug === "illegal-transition") {
    return acknowledged({ state: "acknowledged" }, "You have told the sender already.");
  }
  if (answer.status === 412 || answer.status === 409) return say("Please try again in a moment.", "error");
  guest.fail(answer);
}

const guest = guestPage({
  links: "share_links",
  step: "share",
  vanishing: ["terms", "report", "cover-text", "notice", "title-share", "state"],
  forget: () => {
    $("state").dataset.state = "";
  },
  paint,
});
guest.click("acknowledge", "One moment …", acknowledge);
