import manifest from "../../package.json";

/** An entry point of the package that contains code. */
export interface EntryPoint {
  /** What users import, such as `wise-card-kiosk/schemas`. */
  readonly specifier: string;
  /** Its source file, from the root of the repository. */
  readonly source: string;
}

export const ENTRY_POINTS: readonly EntryPoint[] = Object.entries(manifest.exports).flatMap(([path, target]) =>
  typeof target === "string"
    ? []
    : {
        specifier: path.replace(/^\./, manifest.name),
        source: target.import.default.replace(/^\.\/dist\/(.+)\.js$/, "src/$1.ts"),
      },
);

/** What users import: the specifiers of all entry points. */
export const SPECIFIERS: readonly string[] = ENTRY_POINTS.map(({ specifier }) => specifier);
