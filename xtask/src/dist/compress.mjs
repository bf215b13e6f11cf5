// Writes x.br and x.gz beside each file x, if they are smaller, for servers that send compressed
// files. Prints the sizes and hashes of each file. The first argument is the folder, the others are
// names of files in it; files after "--" are not compressed.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync, constants as c } from "node:zlib";

const [folder, ...names] = process.argv.slice(1);
const split = names.indexOf("--");

const measure = (name, compressible) => {
  const raw = readFileSync(join(folder, name));
  const sizes = { br: raw.length, gz: raw.length };
  if (compressible) {
    const params = { [c.BROTLI_PARAM_QUALITY]: 11, [c.BROTLI_PARAM_SIZE_HINT]: raw.length };
    const small = { br: brotliCompressSync(raw, { params }), gz: gzipSync(raw, { level: 9 }) };
    for (const [extension, bytes] of Object.entries(small)) {
      if (bytes.length >= raw.length) continue;
      writeFileSync(join(folder, `${name}.${extension}`), bytes);
      sizes[extension] = bytes.length;
    }
  }
  const hash = (kind, as) => createHash(kind).update(raw).digest(as);
  return {
    name,
    raw: raw.length,
    gzip: sizes.gz,
    brotli: sizes.br,
    sha256: hash("sha256", "hex"),
    integrity: `sha384-${hash("sha384", "base64")}`,
  };
};

console.log(JSON.stringify([
  ...names.slice(0, split).map((name) => measure(name, true)),
  ...names.slice(split + 1).map((name) => measure(name, false)),
]));
