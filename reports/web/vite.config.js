// How Vite builds dist/page.html, the page as one file: style and script are bundled and put into
// page.html, and the content security policy names the hash of the script, so that nothing else
// can run. The same sources give the same bytes.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const read = (path) => readFileSync(at(path), 'utf8');

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

function policyFor(script) {
  const hash = createHash('sha256').update(script).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function pageOf(code, css) {
  // Its own comment is none that a minifier keeps.
  const licence = read('node_modules/uplot/LICENSE').trim();
  const script = `/*!\nuPlot\n${licence}\n*/\n${code.trim()}`;
  const style = css.trim();
  refuse(script, ['</script', '<!--', ')page"'], 'the script');
  refuse(style, ['</style', '<!--', ')page"'], 'the style sheet');
  const page = put(read('page.html'), 'policy', policyFor(script));
  return put(put(page, 'style', style), 'script', script);
}

// One chunk and one style sheet go in, the page comes out in their place.
const onePage = {
  name: 'one-page',
  enforce: 'post',
  generateBundle(_, bundle) {
    const files = Object.values(bundle);
    const [chunk, ...chunks] = files.filter(({ type }) => type === 'chunk');
    const [style, ...assets] = files.filter(({ type }) => type === 'asset');
    if (!chunk || !style || chunks.length || assets.length) {
      throw new Error(`expected a script and a style sheet, got ${Object.keys(bundle).join(', ')}`);
    }
    files.forEach(({ fileName }) => delete bundle[fileName]);
    const source = pageOf(chunk.code, String(style.source));
    this.emitFile({ type: 'asset', fileName: 'page.html', source });
  },
};

export default defineConfig({
  root: at('.'),
  logLevel: 'warn',
  publicDir: false,
  css: { postcss: {} }, // no settings of folders above
  esbuild: { charset: 'ascii', legalComments: 'inline' },
  build: {
    target: ['chrome107', 'firefox104', 'safari16'],
    cssCodeSplit: false,
    emptyOutDir: false,
    reportCompressedSize: false,
    rollupOptions: { input: at('src/main.js'), output: { format: 'iife' } },
  },
  plugins: [onePage],
});
