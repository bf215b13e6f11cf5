// Tests the scripts of the showcase that have no DOM: `node tests/showcase.mjs`.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");

// Older versions of Node.js load a file `.js` as CommonJS, but a `data:` address as a module.
const address = (script) => `data:text/javascript,${encodeURIComponent(script)}`;
const colourScript = address(read("showcase/colour.js"));
const { contrast, mix, parse, textOn } = await import(colourScript);
const theme = await import(
  address(read("showcase/theme.js").replace('"./colour.js"', JSON.stringify(colourScript)))
);

const base = theme.read({});
const names = ["none", "brand"];

test("computes the contrast of WCAG 2", () => {
  assert.equal(contrast("#ffffff", "#000000"), 21);
  assert.equal(contrast("#123456", "#123456"), 1);
  // The lightest grey that passes on white, and the first that fails.
  assert.ok(contrast("#767676", "#ffffff") >= 4.5);
  assert.ok(contrast("#ffffff", "#777777") < 4.5);
  assert.equal(theme.ratioText(contrast("#777777", "#ffffff")), "4.4 : 1");
});

test("chooses the more readable of black and white", () => {
  assert.equal(textOn("#1d4ed8"), "#ffffff");
  assert.equal(textOn("#f5b95f"), "#000000");
});

test("reads colours in hexadecimal notation only", () => {
  for (const text of ["#1d4ed8", "1D4ED8", " #1d4ed8 "]) assert.equal(parse(text), "#1d4ed8");
  assert.equal(parse("#abc"), "#aabbcc");
  for (const text of ["", "red", "#12345", "#1d4ed8ff", "url(x)"]) {
    assert.equal(parse(text), undefined, text);
  }
});

test("mixes colours", () => {
  assert.equal(mix("#000000", "#ffffff", 0.5), "#808080");
  assert.equal(mix("#102030", "#ffffff", 0), "#102030");
});

/** The custom properties that a stylesheet sets. Later values override earlier ones. */
const declared = (css, prefix) =>
  Object.fromEntries(
    [...css.matchAll(/(--[\w-]+):\s*([^;]+);/g)]
      .filter(([, name]) => name.startsWith(prefix))
      .map(([, name, value]) => [name, value]),
  );

test("starts from the defaults of the form", () => {
  // The block for compact forms comes after the defaults, and changes two of them.
  const tokens = read("style/tokens.css").replace(/:host\(\[theme~="compact"\]\)[^}]+\}/g, "");
  const defaults = Object.entries(declared(tokens, "--_")).flatMap(([, value]) => {
    const [, name, fallback] = /^var\((--df-[\w-]+), (.+)\)$/.exec(value) ?? [];
    return name ? [[name, fallback]] : [];
  });
  for (const [name, value] of defaults) assert.equal(theme.DEFAULTS[name], value, name);
  assert.deepEqual(defaults.map(([name]) => name).sort(), Object.keys(theme.DEFAULTS).sort());
});

test("writes each theme’s file as the author did", () => {
  for (const file of readdirSync(new URL("style/themes", root))) {
    const values = declared(read(`style/themes/${file}`), "--df-");
    const written = declared(theme.css(theme.read(values)), "--df-");
    const expected = Object.entries(values).filter(([name, it]) => it !== theme.DEFAULTS[name]);
    assert.deepEqual(written, Object.fromEntries(expected), file);
  }
});

test("finds no low contrast in the themes", () => {
  const files = readdirSync(new URL("style/themes", root));
  const themes = files.map((file) => theme.read(declared(read(`style/themes/${file}`), "--df-")));
  for (const it of [base, ...themes]) {
    for (const scheme of theme.SCHEMES) {
      for (const { name, passes } of theme.contrasts(it[scheme])) assert.ok(passes, name);
    }
  }
});

test("gives a new accent readable text", () => {
  const changed = theme.withColour(base, "light", "accent", "#f5b95f");
  assert.equal(changed.light.onAccent, "#000000");
  assert.deepEqual(changed.dark, base.dark);
});

test("adapts hints and problems to a new background", () => {
  const { light } = theme.withColour(
    theme.withColour(base, "light", "text", "#ffffff"),
    "light",
    "surface",
    "#101010",
  );
  assert.ok(contrast(light.quiet, "#101010") >= 4.5);
  assert.ok(contrast(light.danger, "#101010") >= 4.5);
  assert.ok(contrast(light.text, light.dangerSurface) >= 4.5);
});

test("writes only what differs from the form’s defaults", () => {
  assert.match(theme.css(base), /no CSS is needed/);
  const changed = theme.withColour(base, "dark", "border", "#aaaaaa");
  assert.deepEqual(declared(theme.css(changed), "--df-"), {
    "--df-border": "light-dark(#828a98, #aaa)",
  });
});

test("reads a theme from its own fragment", () => {
  let changed = theme.withColour(base, "light", "accent", "#f5b95f");
  changed = theme.withColour(changed, "light", "onAccent", base.light.onAccent);
  changed = theme.withColour(changed, "dark", "surface", "#000000");
  changed = theme.withDensity({ ...changed, radius: 0, font: "serif" }, "compact", base);
  const fragment = theme.toFragment("none", base, changed);
  assert.equal(theme.themeInFragment(fragment, names), "none");
  assert.deepEqual(theme.fromFragment(fragment, base), changed);
});

test("ignores values in a fragment that the editor cannot write", () => {
  const fragments = [
    "try",
    "light.accent=red;x",
    "radius=9",
    "radius=-1",
    "radius=1e1",
    "density=__proto__",
    "font=constructor",
    "light.quiet=ffffff",
  ];
  for (const fragment of fragments) {
    assert.deepEqual(theme.fromFragment(fragment, base), base, fragment);
  }
  for (const fragment of ["try", "theme=other", "theme=../brand"]) {
    assert.equal(theme.themeInFragment(fragment, names), undefined, fragment);
  }
});
