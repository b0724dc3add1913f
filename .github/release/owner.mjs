import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The owner until `npm run set-owner` sets one. It is spelled in parts, so that this file does not change then. */
export const PLACEHOLDER = ["owner", "not", "set"].join("-");

/** Matches names of users and organisations on GitHub. */
const OWNER = /^[a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38}$/i;

/**
 * Whether a text can be the name of a user or an organisation on GitHub.
 *
 * @param {unknown} name
 * @returns {name is string}
 */
export function isOwnerName(name) {
  return typeof name === "string" && OWNER.test(name);
}

/**
 * Returns the owner in the URL of the repository in package.json.
 *
 * @param {string} root the folder of the repository.
 * @returns {string}
 */
export function readOwner(root) {
  const { repository } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const [, owner] = /^git\+https:\/\/github\.com\/([^/]+)\/wise-card-kiosk\.git$/.exec(repository?.url ?? "") ?? [];
  if (owner === undefined) throw new Error("The repository in package.json is not a URL of wise-card-kiosk on GitHub.");
  return owner;
}
