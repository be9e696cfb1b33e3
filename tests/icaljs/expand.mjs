// Reads a feed as a phone might, with ical.js, and prints what it finds between two instants: one JSON object a line.
//
//     node expand.mjs feed.ics 2026-10-01 2026-12-01
//
// {uid, start, end, allDay, summary, status, location}, sorted. Timed events carry UTC instants, all-day events dates
// with an exclusive end; what the feed does not say is null. An occurrence counts when it overlaps [from, to), where an
// all-day date is taken as midnight UTC. Cancelled occurrences are printed with their status, excluded ones are not.
//
// It is stricter than a phone where a feed of ours would be at fault: an event in an unknown time zone, a floating time
// and an override of an occurrence that its rule never makes are errors.

import { readFileSync } from "node:fs";
import ICAL from "ical.js";

function main([path, from, to]) {
  const window = { from: seconds(from), to: seconds(to) };
  const calendar = ICAL.Component.fromString(readFileSync(path, "utf8"));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const lines = [...groupByUid(calendar.getAllSubcomponents("vevent"))]
    .flatMap((components) => occurrences(components, window))
    .sort(byStartThenText)
    .map((occurrence) => JSON.stringify(occurrence) + "\n");
  process.stdout.write(lines.join(""));
}

function seconds(text) {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw new Error(`not an ISO date or instant: ${text}`);
  return milliseconds / 1000;
}

function groupByUid(components) {
  const groups = new Map();
  for (const component of components) {
    const uid = uidOf(component);
    groups.set(uid, [...(groups.get(uid) ?? []), component]);
  }
  return groups.values();
}

function occurrences(components, window) {
  const exceptions = components.filter((component) => component.hasProperty("recurrence-id"));
  const masters = components.filter((component) => !component.hasProperty("recurrence-id"));
  if (masters.length > 1) throw new Error(`${masters.length} masters share the UID ${uidOf(masters[0])}`);
  if (masters.length === 0) {
    const alone = exceptions.map((component) => new ICAL.Event(component, { exceptions: [] }));
    return alone.map((event) => record(event, event.startDate, event.endDate, window)).filter(Boolean);
  }
  return expand(new ICAL.Event(masters[0], { exceptions, strictExceptions: true }), window);
}

// Walks the rule from its start to the window's end, and on to the last override: one may move an occurrence back into
// the window from beyond it.
function expand(master, window) {
  const pending = new Set(Object.values(master.exceptions));
  const last = Math.max(window.to, ...[...pending].map((exception) => exception.recurrenceId.toUnixTime() + 1));
  const found = [];
  const iterator = master.iterator();
  for (let next = iterator.next(); next && known(next).toUnixTime() < last; next = iterator.next()) {
    const { item, startDate, endDate } = master.getOccurrenceDetails(next);
    pending.delete(item);
    found.push(record(item, startDate, item === master && isFirst(master, next) ? master.endDate : endDate, window));
  }
  for (const orphan of pending) throw new Error(`${master.uid}: no occurrence at ${orphan.recurrenceId} to override`);
  return found.filter(Boolean);
}

// The master's own DTEND is the truth for the first occurrence. ical.js adds the exact length to the wall clock, which is
// an hour out for a night across a clock change.
function isFirst(master, start) {
  return start.compare(master.startDate) === 0;
}

function record(item, start, end, { from, to }) {
  const [first, past] = [known(start).toUnixTime(), known(end).toUnixTime()];
  if (first >= to || Math.max(past, first + 1) <= from) return null;
  return {
    uid: item.uid,
    start: text(start),
    end: text(end),
    allDay: start.isDate,
    summary: item.summary,
    status: item.component.getFirstPropertyValue("status"),
    location: item.location,
  };
}

function known(time) {
  if (!time.isDate && time.zone.tzid === "floating") throw new Error(`${time} is in no time zone that the feed defines`);
  return time;
}

function text(time) {
  return time.isDate ? time.toString() : new Date(time.toUnixTime() * 1000).toISOString().replace(".000Z", "Z");
}

function uidOf(component) {
  return component.getFirstPropertyValue("uid");
}

function byStartThenText(a, b) {
  const [left, right] = [a, b].map((occurrence) => [occurrence.start, occurrence.uid, JSON.stringify(occurrence)]);
  const differs = left.findIndex((value, index) => value !== right[index]);
  return differs === -1 ? 0 : left[differs] < right[differs] ? -1 : 1;
}

if (process.argv.length !== 5) {
  process.stderr.write("usage: expand.mjs FEED.ics FROM TO\n");
  process.exitCode = 2;
} else {
  main(process.argv.slice(2));
}
