import ts from "typescript";

/** How a program states the types of its exports: not at all, or each in full, as `isolatedDeclarations` demands. */
export type Statement = "inferred" | "annotated";

/** An export of the program. */
interface Line {
  readonly name: string;
  readonly value: string;
  readonly type: string;
}

/** Loads declarations for {@link surfaceProgram}. */
export function loadDeclarations(files: readonly string[]): ts.Program {
  return ts.createProgram(files, { module: ts.ModuleKind.NodeNext, strict: true, types: ["node"] });
}

/**
 * Returns a program that exports everything an entry point gives to its user: each value, what each function and constructor
 * returns, and each member of each type. A compiler that emits declarations for it must be able to name all their types.
 *
 * @param file The installed declarations of the entry point.
 */
export function surfaceProgram(
  declarations: ts.Program,
  specifier: string,
  file: string,
  statement: Statement,
): string {
  const checker = declarations.getTypeChecker();
  const source = declarations.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`No declarations at ${file}`);
  const lines = checker.getExportsOfModule(module).flatMap((exported) => {
    const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
    const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
    return [...valueLines(exported.name, symbol, checker), ...typeLines(exported.name, symbol, checker)];
  });
  const exports = lines.map(({ name, value, type }) =>
    statement === "inferred" ? `export const ${name} = ${value};\n` : `export declare const ${name}: ${type};\n`,
  );
  return `import * as entry from "${specifier}";\n\n${exports.join("")}`;
}

/** Returns an export for a value, and one for what it returns or constructs. */
function valueLines(name: string, symbol: ts.Symbol, checker: ts.TypeChecker): Line[] {
  if ((symbol.flags & ts.SymbolFlags.Value) === 0) return [];
  const value = `entry.${name}`;
  const type = checker.getTypeOfSymbol(symbol);
  const line = { name, value, type: `typeof ${value}` };
  const [constructed] = type.getConstructSignatures();
  if (constructed !== undefined) {
    const instance = `new ${value}(${argumentsFor(constructed)})`;
    return [line, { name: `${name}$instance`, value: instance, type: `InstanceType<typeof ${value}>` }];
  }
  const [called] = type.getCallSignatures();
  if (called === undefined) return [line];
  const result = `${value}(${argumentsFor(called)})`;
  return [line, { name: `${name}$result`, value: result, type: `ReturnType<typeof ${value}>` }];
}

/** Returns a function that passes a value of a type on, and one for each member of the type. */
function typeLines(name: string, symbol: ts.Symbol, checker: ts.TypeChecker): Line[] {
  if ((symbol.flags & ts.SymbolFlags.Type) === 0) return [];
  const owner = `entry.${name}${typeArgumentsFor(symbol)}`;
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const members = checker
    .getPropertiesOfType(type)
    .filter((member) => isOwn(member) && /^[a-z]\w*$/i.test(member.name));
  const itself = { name: `${name}$it`, value: `(it: ${owner}) => it`, type: `(it: ${owner}) => ${owner}` };
  const forMembers = members.flatMap((member): Line[] => {
    const path = `${owner}["${member.name}"]`;
    const line = {
      name: `${name}$it$${member.name}`,
      value: `(it: ${owner}) => it.${member.name}`,
      type: `(it: ${owner}) => ${path}`,
    };
    const [called] = checker.getTypeOfSymbol(member).getCallSignatures();
    if (called === undefined || (member.flags & ts.SymbolFlags.Method) === 0) return [line];
    const result = `${line.value}(${argumentsFor(called)})`;
    return [line, { name: `${line.name}$result`, value: result, type: `(it: ${owner}) => ReturnType<${path}>` }];
  });
  return [itself, ...forMembers];
}

/** Returns whether a member is declared in the package: members of the language and of Node.js are not its concern. */
function isOwn({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some((declaration) => declaration.getSourceFile().fileName.includes("/wise-card-kiosk/"));
}

/** Returns arguments that any signature with so many parameters accepts. */
function argumentsFor({ parameters }: ts.Signature): string {
  return parameters.map(() => "undefined as never").join(", ");
}

/** Returns type arguments that any type with so many parameters accepts. */
function typeArgumentsFor({ declarations = [] }: ts.Symbol): string {
  const declaration = declarations.find((each) => ts.isInterfaceDeclaration(each) || ts.isTypeAliasDeclaration(each));
  const parameters = declaration?.typeParameters?.map(() => "never") ?? [];
  return parameters.length === 0 ? "" : `<${parameters.join(", ")}>`;
}
