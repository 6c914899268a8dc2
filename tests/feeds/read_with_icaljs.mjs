// Print [UID, start as an instant] of every event with hours in a calendar file, as ical.js reads it.

import { readFileSync } from "node:fs";
import ICAL from "../vendor/ical.min.mjs";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(process.argv[2], "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
const found = calendar
  .getAllSubcomponents("vevent")
  .map((component) => new ICAL.Event(component))
  .filter((event) => !event.startDate.isDate)
  .map((event) => [event.uid, event.startDate.toJSDate().toISOString()]);
console.log(JSON.stringify(found));
