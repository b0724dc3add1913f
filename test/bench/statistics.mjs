/** Returns the value below which a part of the numbers lies, from 0 to 1. */
function quantileOf(numbers, part) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at - Math.floor(at));
}

/** Returns the median. */
export function medianOf(numbers) {
  return quantileOf(numbers, 0.5);
}

/** Returns the first and the third quartile. */
export function quartilesOf(numbers) {
  return [quantileOf(numbers, 0.25), quantileOf(numbers, 0.75)];
}
