// A report's body as the document of it shows it: four parts, tables of goals and measures, and bars from baseline to now.
import { day, element } from "/assets/link.js";

const svg = (name, attributes, children = []) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

const figure = (value) => String(Number(value.toFixed(3)));
const signed = (change) => (change > 0 ? `+${figure(change)}` : figure(change));

function part(title, id, content) {
  return element("section", [element("h3", title, { id }), ...content], { class: "part", "aria-labelledby": id });
}

const typed = (text) => element("p", text, { class: "as-typed" });

function facts(rows) {
  const shown = rows.filter(([, text]) => text !== null && text !== undefined && text !== "");
  return element("dl", shown.map(([term, text]) => element("div", [element("dt", term), element("dd", String(text))])), { class: "terms" });
}

function table(columns, rows, label) {
  const head = element("thead", element("tr", columns.map((name) => element("th", name, { scope: "col" }))));
  const body = rows.map((cells) => element("tr", cells.map((cell, index) =>
    (index === 0 ? element("th", cell, { scope: "row" }) : element("td", cell, { "data-label": columns[index] })))));
  return element("table", [head, element("tbody", body)], { class: "stack", "aria-labelledby": label });
}

const arrows = { up: "M6 1 11 7H8v4H4V7H1Z", down: "M6 11 1 5h3V1h4v4h3Z", level: "M1 4.5h10v3H1Z" };

function direction(change, higherIsBetter) {
  if (change === null) return "not known";
  const way = change > 0 ? "up" : change < 0 ? "down" : "level";
  const verdict = change === 0 ? "unchanged"
    : typeof higherIsBetter === "boolean" ? ((change > 0) === higherIsBetter ? "better" : "worse") : "not judged";
  const arrow = svg("svg", { class: "arrow", viewBox: "0 0 12 12", role: "img", "aria-label": `${way},` }, [svg("path", { d: arrows[way] })]);
  return element("span", [arrow, ` ${verdict}`], { class: "direction" });
}

function bars(baseline, current) {
  const longest = Math.max(baseline, current);
  if (!(longest > 0 && baseline >= 0 && current >= 0)) return "no figures";
  const bar = (value, y, name) => svg("rect", { class: name, x: 1.5, y, width: (value / longest) * 100, height: 8 });
  return svg("svg", { class: "bars", viewBox: "0 0 104 26", role: "img", "aria-label": `Baseline ${figure(baseline)}, current ${figure(current)}` }, [
    svg("path", { class: "axis", d: "M1 0v26" }),
    bar(baseline, 3, "bar-baseline"),
    bar(current, 15, "bar-current"),
  ]);
}

function dated(value, on) {
  const text = value === null || value === undefined ? "not taken" : figure(value);
  return on ? [text, " ", element("span", day(on), { class: "second" })] : text;
}

function measureRow(measure) {
  const both = typeof measure.baseline === "number" && typeof measure.current === "number";
  const change = both ? measure.current - measure.baseline : null;
  const name = measure.note ? [measure.name, " ", element("span", measure.note, { class: "second as-typed" })] : measure.name;
  return [
    name,
    measure.unit ?? "none",
    dated(measure.baseline, measure.baseline_on),
    dated(measure.current, measure.current_on),
    change === null ? "not known" : signed(change),
    direction(change, measure.higher_is_better),
    both ? bars(measure.baseline, measure.current) : "no figures",
  ];
}

function goalRow(goal) {
  const target = typeof goal.target === "number" ? figure(goal.target) : "";
  const by = goal.target_date ? `by ${day(goal.target_date)}` : "";
  return [
    goal.goal,
    goal.anticipated_outcome ?? "not stated",
    goal.measure ?? "not stated",
    [target, by].filter(Boolean).join(", ") || "not stated",
  ];
}

function key(name) {
  return svg("svg", { class: "key", viewBox: "0 0 24 10", "aria-hidden": "true" }, [
    svg("rect", { class: name, x: 1, y: 1, width: 22, height: 8 }),
  ]);
}

export function drawReport(body) {
  const parts = [];
  const prose = (title, id, text) => text && parts.push(part(title, id, [typed(text)]));
  prose("Summary", "part-summary", body.summary);
  prose("Condition", "part-condition", body.condition);
  prose("History", "part-history", body.history);
  if (body.treatment) {
    parts.push(part("Treatment and why", "part-treatment", [
      element("h4", "Treatment"), typed(body.treatment.what), element("h4", "Why this treatment"), typed(body.treatment.why),
    ]));
  }
  if (body.schedule) {
    const plan = body.schedule;
    const again = plan.reexamination_after_visits;
    parts.push(part("Frequency and duration", "part-schedule", [facts([
      ["Frequency", plan.frequency],
      ["Duration", plan.duration],
      ["Visits planned", plan.visits_planned],
      ["Visits attended", plan.visits_attended],
      ["Re-examination", again ? `After ${again} visits` : null],
      ["Plan ends", plan.ends_on ? day(plan.ends_on) : null],
    ])]));
  }
  if (body.goals?.length) {
    const columns = ["Goal", "Anticipated outcome", "Measured by", "Target"];
    parts.push(part("Goals and anticipated outcomes", "part-goals", [table(columns, body.goals.map(goalRow), "part-goals")]));
  }
  if (body.measures?.length) {
    const columns = ["Measure", "Unit", "Baseline", "Current", "Change", "Direction", "Compared"];
    parts.push(part("Objective measures", "part-measures", [
      element("p", [key("bar-baseline"), " baseline ", key("bar-current"),
        " current. An arrow shows which way the figure went; the word beside it says what that means for the patient."], { class: "quiet" }),
      table(columns, body.measures.map(measureRow), "part-measures"),
    ]));
  }
  prose("Findings at re-examination", "part-reexamination", body.reexamination);
  prose("Suggestions and follow-up", "part-follow-up", body.follow_up);
  prose("Co-management: who does what", "part-co-management", body.co_management);
  prose("Questions to you", "part-questions", body.questions);
  if (body.citations?.length) {
    const lines = body.citations.map((citation) => element("li", [
      citation.text,
      ...(citation.doi ? [element("span", `doi: ${citation.doi}`, { class: "second" })] : []),
      ...(citation.relevance ? [element("span", `Why it matters here: ${citation.relevance}`, { class: "second" })] : []),
    ]));
    parts.push(part("Literature", "part-citations", [element("ol", lines)]));
  }
  return parts;
}
