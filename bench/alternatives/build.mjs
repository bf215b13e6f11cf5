// Bundles the alternatives, and writes the pages to measure, compressed with brotli, and their
// form files:
//   node build.mjs --widget FOLDER --proxy PROGRAM --out FOLDER
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { extname, join } from "node:path";
import { parseArgs } from "node:util";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

const text = { type: "string" };
const { values: { widget, proxy, out } } =
  parseArgs({ options: { widget: text, proxy: text, out: text } });

/** The numbers of questions of the long forms. */
const LENGTHS = [60, 200];
/** The main script of each alternative, and its stylesheet; those without one get ours. */
const ALTERNATIVES = {
  "preact": { main: "main.jsx", jsx: "preact" },
  "hook-form-zod": { main: "main.jsx", jsx: "react" },
  "rjsf": { main: "main.jsx", jsx: "react" },
  "surveyjs": { main: "main.js", css: "survey-core/survey-core.fontless.min.css" },
  "formio": { main: "main.js", css: "@formio/js/dist/formio.form.min.css" },
};

const site = join(out, "site");
const forms = join(out, "forms");

fs.rmSync(out, { recursive: true, force: true });
fs.cpSync(widget, site, { recursive: true });
fs.cpSync("../forms", forms, { recursive: true });
for (const length of LENGTHS) write(join(forms, `questions-${length}.toml`), longForm(length));

// In the page itself, because it is short.
const formCss = `<style>\n${fs.readFileSync("shared/form.css", "utf8")}</style>`;
page("plain-12", formCss, fs.readFileSync("plain/form.html"));
for (const length of LENGTHS) page(`plain-${length}`, formCss, longPlainForm(length));

for (const [name, { main, jsx, css }] of Object.entries(ALTERNATIVES)) {
  await bundle(name, main, jsx);
  if (css) write(join(site, `${name}.css`), fs.readFileSync(join("node_modules", css)));
  const head = `${css ? `<link rel="stylesheet" href="/${name}.css">` : formCss}
<script type="module" src="/${name}.js"></script>`;
  page(`${name}-12`, head, '<div id="form"></div>');
  for (const length of LENGTHS) {
    page(`${name}-${length}`, head, `<div id="form" data-fields="${length}"></div>`);
  }
}

page("deal-form-12", "", snippet("enquiry"));
for (const length of LENGTHS) page(`deal-form-${length}`, "", snippet(`questions-${length}`));
page("deal-form-bare-12", '<script type="module" src="/deal-form.js"></script>',
  '<deal-form src="/forms/enquiry"></deal-form>');

/** Builds for production, as the libraries' documentation says. */
function bundle(name, main, jsx) {
  return build({
    entryPoints: [join(name, main)],
    outfile: join(site, `${name}.js`),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: jsx,
    legalComments: "none",
    loader: { ".css": "empty" },
    // Form.io's code uses the `global` of Node.js.
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
    logLevel: "warning",
  }).then(() => compress(join(site, `${name}.js`)));
}

/** Writes a landing page with a form. */
function page(name, head, form) {
  const below = "<p>We have laid slates, tiles and thatch on more roofs than we can count.</p>\n";
  write(join(site, `${name}.html`), `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Roofs</title>
<link rel="icon" href="data:,">
${head}
<body>
<h1>Roofs</h1>
${form}
${below.repeat(20)}</body>
</html>
`);
}

/** The output of `deal-proxy snippet`. */
function snippet(form) {
  const file = join(forms, `${form}.toml`);
  return execFileSync(proxy, ["snippet", file, "--proxy", "/"], { encoding: "utf8" });
}

/** Every fourth question is required, as in `shared/page.js`. */
function questions(length) {
  return Array.from({ length }, (_, index) => ({
    name: `question_${index + 1}`, label: `Question ${index + 1}`, required: index % 4 === 0,
  }));
}

function longForm(length) {
  const fields = questions(length).map(({ name, label, required }) => `
[[field]]
custom_field = "${name}"
label = "${label}"
required = ${required}
max_length = 300
`);
  return `title = "Questions"\nsubmit_label = "Send"\n${fields.join("")}`;
}

function longPlainForm(length) {
  const fields = questions(length).map(({ name, label, required }) =>
    `<label>${label} <input name="${name}" maxlength="300"${required ? " required" : ""}></label>`);
  return `<form method="post" action="/forms/questions-${length}" enctype="multipart/form-data">
<h2>Questions</h2>
${fields.join("\n")}
<button>Send</button>
</form>`;
}

function write(file, content) {
  fs.writeFileSync(file, content);
  compress(file);
}

/** Writes x.br beside x, for servers that send compressed files. */
function compress(file) {
  if (extname(file) === ".toml") return;
  const raw = fs.readFileSync(file);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
  };
  fs.writeFileSync(`${file}.br`, brotliCompressSync(raw, { params }));
}
