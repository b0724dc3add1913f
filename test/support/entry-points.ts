import manifest from "../../package.json";

/** The specifiers with which a user imports the entry points that contain code, such as `wise-card-kiosk/schemas`. */
export const ENTRY_POINTS = Object.keys(manifest.exports)
  .filter((key) => key !== "./package.json")
  .map((key) => key.replace(/^\./, manifest.name));
