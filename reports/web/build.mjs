// Builds dist/page.html, the page as one file: style and script are bundled by esbuild and put into
// page.html, and the content security policy names the hash of the script, so that nothing else
// can run. The same sources give the same bytes. Usage: node build.mjs [OUTPUT]
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const output = process.argv[2] ?? join(here, 'dist', 'page.html');

async function bundle(entry) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    charset: 'ascii',
    format: 'iife',
    target: ['chrome107', 'firefox104', 'safari16'],
    legalComments: 'inline',
    write: false,
    logLevel: 'warning',
  });
  return result.outputFiles[0].text.trim();
}

// Where each part goes; text replaces its mark as it is, whatever "$" it holds.
function put(page, mark, text) {
  const parts = page.split(`<!-- ${mark} -->`);
  if (parts.length !== 2) {
    throw new Error(`page.html: expected <!-- ${mark} --> once`);
  }
  return parts.join(text);
}

function refuse(text, words, what) {
  for (const word of words) {
    if (text.toLowerCase().includes(word)) {
      throw new Error(`${what} holds ${word}, which would end it early`);
    }
  }
}

// Its own comment is none that a minifier keeps.
const licence = readFileSync(join(here, 'node_modules/uplot/LICENSE'), 'utf8').trim();
const script = `/*!\nuPlot\n${licence}\n*/\n${await bundle('src/main.js')}`;
const style = await bundle('src/style.css');
refuse(script, ['</script', '<!--', ')page"'], 'the script');
refuse(style, ['</style', '<!--', ')page"'], 'the style sheet');
const hash = createHash('sha256').update(script).digest('base64');
const policy = [
  "default-src 'none'",
  `script-src 'sha256-${hash}'`,
  "style-src 'unsafe-inline'",
  'img-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

let page = readFileSync(join(here, 'page.html'), 'utf8');
page = put(page, 'policy', policy);
page = put(page, 'style', style);
page = put(page, 'script', script);
mkdirSync(dirname(output), { recursive: true });
writeFileSync(output, page);
