/**
 * A section of the changelog.
 *
 * @typedef {{ name: string, date: string | undefined, text: string }} ChangelogSection
 */

const HEADING = /^## (\S+)(?: - (\S+))?\s*$/;
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/**
 * Returns the sections of a changelog, newest first.
 *
 * @param {string} changelog
 * @returns {ChangelogSection[]}
 */
export function parseChangelog(changelog) {
  /** @type {{ name: string, date: string | undefined, lines: string[] }[]} */
  const sections = [];
  for (const line of changelog.split(/\r?\n/)) {
    const heading = HEADING.exec(line);
    if (heading !== null) sections.push({ name: heading[1] ?? "", date: heading[2], lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections.map(({ name, date, lines }) => ({ name, date, text: lines.join("\n").trim() }));
}

/**
 * Returns why a version cannot be released with this changelog, in sentences. None if it can be.
 *
 * @param {string} changelog
 * @param {string} version
 * @returns {string[]}
 */
export function findChangelogFaults(changelog, version) {
  const sections = parseChangelog(changelog);
  const open = sections.find(({ name }) => name.toLowerCase() === "unreleased");
  const released = sections.filter((section) => section !== open);
  const section = released.find(({ name }) => name === version);
  const faults = [];
  if (open !== undefined && open.text !== "") {
    faults.push(`CHANGELOG.md has open lines under "## Unreleased": move them to the section of ${version}.`);
  }
  if (section === undefined) {
    faults.push(`CHANGELOG.md has no section of this version: add "## ${version} - YYYY-MM-DD".`);
    return faults;
  }
  if (section !== released[0]) faults.push(`The section of ${version} must be the first one of CHANGELOG.md.`);
  if (section.date === undefined || !DATE.test(section.date)) {
    faults.push(`The heading of the section must have a date: "## ${version} - YYYY-MM-DD".`);
  }
  if (!/^- /m.test(section.text)) faults.push(`The section of ${version} must have at least one line.`);
  for (const subject of findRepeatedSubjects(section.text)) {
    faults.push(`The section of ${version} has two lines about "${subject}" under one heading: merge them.`);
  }
  return faults;
}

/**
 * Returns the bold words at the beginning of several lines under the same heading.
 *
 * @param {string} text
 * @returns {string[]}
 */
function findRepeatedSubjects(text) {
  return text.split(/^#+ /m).flatMap((part) => {
    const subjects = [...part.matchAll(/^- \*\*(.+?)\*\*/gm)].map(([, subject = ""]) => subject);
    return subjects.filter((subject, index) => subjects.indexOf(subject) < index);
  });
}
