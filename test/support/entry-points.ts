import manifest from "../../package.json";

/** What a user writes to import an entry point that holds code, as in `wise-card-kiosk/schemas`. */
export const ENTRY_POINTS = Object.keys(manifest.exports)
  .filter((key) => key !== "./package.json")
  .map((key) => key.replace(/^\./, manifest.name));
