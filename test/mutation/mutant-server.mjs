import { BroadcastChannel } from "node:worker_threads";
import fc from "fast-check";
import { TestRunner, vi } from "vitest";
import { startTests } from "vitest/internal/browser";
import { LEFT_OUT } from "./folders.mjs";

// A mutant that a property test has found needs no smaller example.
fc.configureGlobal({ endOnFailure: true });

globalThis.__stryker__ ??= {};
/** What the mutated source reads: which mutant is active, and where to count. */
const state = globalThis.__stryker__;

const nameTest = (test) => {
  const names = [];
  for (let task = test; task && task !== test.file; task = task.suite) names.unshift(task.name);
  return `${test.file.name}#${names.join(" > ")}`;
};

const listTests = (tasks) => tasks.flatMap((task) => (task.type === "suite" ? listTests(task.tasks) : [task]));

/** Runs the chosen tests of one file, up to the first that fails, and imports nothing again but that file. */
class FileRunner extends TestRunner {
  constructor({ config, moduleRunner, __setTraces: _, ...rest }, { chosen, activate, bail }) {
    super(config);
    this.moduleRunner = moduleRunner;
    this.__setTraces(rest._otel);
    this.chosen = chosen;
    this.activate = activate;
    this.bail = bail;
  }

  importFile(path, source) {
    const { evaluatedModules } = this.workerState;
    const imported = evaluatedModules.getModuleById(path);
    if (imported) evaluatedModules.invalidateModule(imported);
    return super.importFile(path, source);
  }

  onBeforeRunFiles([file]) {
    for (const test of listTests(file.tasks)) {
      if (LEFT_OUT.has(test.name) || this.chosen?.has(nameTest(test)) === false) test.mode = "skip";
    }
    this.activate?.();
  }

  async onBeforeRunTask(test) {
    await super.onBeforeRunTask(test);
    if (test.mode === "run" || test.mode === "queued") state.currentTestId = nameTest(test);
  }

  onAfterRunTask(test) {
    super.onAfterRunTask(test);
    state.currentTestId = undefined;
    if (this.bail && test.result?.state === "fail") this.cancelRun = true;
  }
}

const describeFailure = ({ result }) => result?.errors?.map(({ message }) => message).join("\n") ?? "failed";

/** Vitest's runner in the worker. Instead of running test files, it serves the requests of `test-runner.mjs` until it is stopped. */
export default class MutantServer extends TestRunner {
  async onBeforeCollect() {
    const channel = new BroadcastChannel("mutants");
    const requests = [];
    let wake;
    channel.onmessage = ({ data }) => {
      if (!data.request) return;
      requests.push(data);
      wake?.();
    };
    channel.postMessage({ ready: true });
    for (;;) {
      while (requests.length === 0) await new Promise((resolve) => (wake = resolve));
      const { request, files, ...options } = requests.shift();
      if (request === "stop") break;
      const answer = request === "dryRun" ? await this.runAll(files) : await this.runMutant(files, options);
      channel.postMessage(answer);
    }
    channel.close();
    throw new Error("stopped");
  }

  async runFile({ path, timeLimit }, options) {
    const runner = new FileRunner(
      {
        config: { ...this.config, testTimeout: timeLimit ?? this.config.testTimeout },
        moduleRunner: this.moduleRunner,
        _otel: this._otel,
      },
      options,
    );
    this.workerState.filepath = path;
    const [file] = await startTests([{ filepath: path }], runner);
    vi.resetConfig();
    vi.restoreAllMocks();
    const tests = listTests(file.tasks).filter(({ result, mode }) => result && mode !== "skip");
    return {
      error: file.result?.errors?.length ? describeFailure(file) : undefined,
      tests: tests.map((test) => ({
        id: nameTest(test),
        file: path,
        duration: test.result.duration ?? 0,
        failure: test.result.state === "fail" ? describeFailure(test) : undefined,
      })),
    };
  }

  async runAll(files) {
    state.activeMutant = undefined;
    state.mutantCoverage = undefined;
    const tests = [];
    const errors = [];
    for (const file of files) {
      const ran = await this.runFile(file, { bail: false });
      tests.push(...ran.tests);
      if (ran.error) errors.push(`${file.path}: ${ran.error}`);
    }
    return { tests, errors, coverage: state.mutantCoverage ?? { static: {}, perTest: {} } };
  }

  /** Runs the tests with the mutant until one fails, then the failed one without it: if it fails again, the worker is to blame. */
  async runMutant(files, { mutant, hitLimit, isEarly }) {
    let count = 0;
    state.hitCount = 0;
    state.hitLimit = hitLimit;
    const activate = () => {
      state.activeMutant = mutant;
    };
    if (isEarly) activate();
    for (const file of files) {
      const { tests, error } = await this.runFile(file, { chosen: new Set(file.tests), activate, bail: true });
      count += tests.length;
      const failed =
        tests.find(({ failure }) => failure !== undefined) ?? (error && { id: file.tests[0], failure: error });
      if (!failed && isEarly) continue;
      state.activeMutant = undefined;
      if (!failed) continue;
      const hits = state.hitCount;
      const control = await this.runFile(file, { chosen: new Set([failed.id]), bail: true });
      const broken = control.error !== undefined || control.tests.some(({ failure }) => failure !== undefined);
      return { count, hits, failed, broken };
    }
    state.activeMutant = undefined;
    return { count, hits: state.hitCount };
  }
}
