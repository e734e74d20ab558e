// Tables and charts as CSV and Markdown, to the clipboard or into a file.
import { h, printable, say } from './dom.js';

// RFC 4180; a text that a spreadsheet would run as a formula gets an apostrophe in front. Numbers
// stay numbers, negative ones too.
function csvCell(value) {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? String(value) : '';
  }
  let text = value === null || value === undefined ? '' : printable(value);
  const formula = /^[=+\-@\t\r]/.test(text);
  if (formula) {
    text = `'${text}`;
  }
  return formula || /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

export function toCsv(rows) {
  return `${rows.map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

function markdownCell(value) {
  return printable(value ?? '')
    .replace(/[\\`*_[\]|~#]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/\s*\n\s*/g, ' ');
}

export function toMarkdown(rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const [heads, ...rest] = rows.map((row) => row.map(markdownCell));
  const rule = heads.map((_, i) => (i === 0 ? '---' : '---:'));
  return `${[heads, rule, ...rest].map(line).join('\n')}\n`;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // A page from a file, or without the permission: the old way still works on a click.
    const area = h('textarea', { className: 'unseen', 'aria-hidden': 'true', tabIndex: -1 });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}

export function download(name, text, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  h('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function flash(button, text) {
  const before = button.textContent;
  button.textContent = text;
  setTimeout(() => {
    button.textContent = before;
  }, 1500);
}

export function copyButton(label, what, make) {
  const button = h(
    'button',
    { type: 'button', className: 'quiet', 'aria-label': `${label}: ${what}` },
    label,
  );
  button.addEventListener('click', async () => {
    const before = document.activeElement;
    const done = await copy(make());
    before?.focus?.();
    if (button.textContent === label) {
      flash(button, done ? 'Copied' : 'Not allowed');
    }
    say(done ? `${what} copied` : 'The browser did not allow copying');
  });
  return button;
}

export function saveButton(label, what, name, make, type) {
  return h(
    'button',
    {
      type: 'button',
      className: 'quiet',
      'aria-label': `${label}: ${what}`,
      onclick: () => download(name, make(), type),
    },
    label,
  );
}

export function fileName(text) {
  return (
    printable(text)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'data'
  );
}

// The data of a figure, to copy or to keep, and whatever else stands beside them.
export function figureTools(title, rows, ...more) {
  const make = () => toCsv(rows());
  return h(
    'div',
    { className: 'tools' },
    copyButton('CSV', `data of ${title}`, make),
    saveButton('Save', `data of ${title} as CSV`, `${fileName(title)}.csv`, make, 'text/csv'),
    ...more,
  );
}
