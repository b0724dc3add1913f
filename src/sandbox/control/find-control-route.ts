import { nearestMatch } from "../../text/nearest-match.js";
import { ControlProblem } from "./control-problem.js";
import type { ControlRoute } from "./control-route.js";
import { CONTROL_PREFIX, CONTROL_ROUTES } from "./control-routes.js";

/** A route, and the parts of the path that it names. */
interface FoundRoute {
  readonly route: ControlRoute;
  readonly params: Readonly<Record<string, string>>;
}

/** Paths of the control API that are not in the table of routes, and allow only GET. */
const OTHER_PATHS = ["/events", "/openapi.json"];

/**
 * Returns the route for a path after `/_sandbox`.
 *
 * @throws {ControlProblem} if there is no such path, or it does not allow the method.
 */
export function findControlRoute(method: string, path: string): FoundRoute {
  const matching = CONTROL_ROUTES.flatMap((route) => {
    const params = matchPath(route.path, path);
    return params === undefined ? [] : { route, params };
  });
  const found = matching.find(({ route }) => route.method === method);
  if (found !== undefined) return found;
  const allowed = OTHER_PATHS.includes(path) ? "GET" : matching.map(({ route }) => route.method).join(", ");
  if (allowed === "") throw new ControlProblem(404, `There is no such path. ${nearestPath(path)}`);
  throw new ControlProblem(405, `This path allows only ${allowed}.`, { allow: allowed });
}

/** Returns the percent-decoded parameters of a path, or `undefined` if it does not match the template. */
function matchPath(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    const name = /\{(\w+)\}/.exec(part)?.[1];
    if (name !== undefined && value !== "") params[name] = decodeParameter(value);
    else if (part !== value) return undefined;
  }
  return params;
}

/** @throws {ControlProblem} if the text is not percent-encoded correctly. */
function decodeParameter(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ControlProblem(400, "The path is not percent-encoded correctly.");
  }
}

function nearestPath(path: string): string {
  const paths = [...CONTROL_ROUTES.map((route) => route.path), ...OTHER_PATHS];
  return `The nearest is ${CONTROL_PREFIX}${nearestMatch(path, paths)}, and ${CONTROL_PREFIX}/openapi.json lists all.`;
}
