// Bundles a program with a bundler that has a file in this folder, and prints the path of the bundle. Arguments: the name of the
// bundler, the path of the program, the folder for the bundle, and the options as JSON.
const [bundler, program, folder, options] = process.argv.slice(2);
const { bundle } = await import(`./${bundler}.mjs`);
console.log(await bundle(program, folder, JSON.parse(options)));
