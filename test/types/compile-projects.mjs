// Compiles projects one after another with one compiler, and prints what it reports about each, as JSON.
// Its arguments are the package.json of the compiler and the paths of the projects.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const [manifest, ...projects] = process.argv.slice(2);
const { version } = JSON.parse(readFileSync(manifest, "utf8"));
const compile = Number.parseInt(version, 10) < 7 ? inThisProcess(createRequire(manifest)(dirname(manifest))) : spawned;
console.log(JSON.stringify(Object.fromEntries(projects.map((project) => [project, compile(project)]))));

/** TypeScript 7 is a native program without an API of the former kind. */
function spawned(project) {
  const tsc = join(dirname(manifest), "bin/tsc");
  const { stdout, stderr, error } = spawnSync(process.execPath, [tsc, "--pretty", "false", "--project", project], {
    encoding: "utf8",
  });
  if (error !== undefined) throw error;
  return stdout + stderr;
}

/** Installed declarations are parsed once for all projects that agree on the options that change how a file is parsed. */
function inThisProcess(ts) {
  const parsedFiles = new Map();
  return (project) => {
    const { fileNames, options, errors } = ts.getParsedCommandLineOfConfigFile(
      project,
      {},
      {
        ...ts.sys,
        onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
          throw new Error(`${project}: ${messageText}`);
        },
      },
    );
    const host = ts.createCompilerHost(options);
    const { getSourceFile } = host;
    host.getSourceFile = (name, how, ...rest) => {
      if (!name.includes("/node_modules/")) return getSourceFile(name, how, ...rest);
      const { languageVersion, impliedNodeFormat } = how;
      const key = JSON.stringify([name, languageVersion, impliedNodeFormat, options.module, options.moduleResolution]);
      const file = parsedFiles.get(key) ?? getSourceFile(name, how, ...rest);
      parsedFiles.set(key, file);
      return file;
    };
    const program = ts.createProgram({ rootNames: fileNames, options, host, configFileParsingDiagnostics: errors });
    const found = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
    return ts.formatDiagnostics(ts.sortAndDeduplicateDiagnostics(found), host);
  };
}
