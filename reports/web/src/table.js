// A table with its caption, its figures exact on demand, and buttons that hand it on. A figure is
// {text, exact, raw}; what is no figure is text or an element with its text.
import { breakable, h } from './dom.js';
import { copyButton, fileName, saveButton, toCsv, toMarkdown } from './export.js';
import { figure } from './format.js';

// A figure of a metric of a cell.
export function metricFigure(state, name, value) {
  const metric = state.metric(name);
  return {
    text: figure(metric, value, state.exactly),
    exact: figure(metric, value, true),
    raw: value ?? '',
    absent: value === undefined || value === null,
  };
}

function isFigure(content) {
  return content !== null && typeof content === 'object' && 'raw' in content;
}

function textOf(content) {
  if (isFigure(content)) {
    return content.text;
  }
  return content instanceof Node ? content.textContent.trim() : String(content ?? '');
}

function rawOf(content) {
  return isFigure(content) ? content.raw : textOf(content);
}

function bodyCell(content) {
  if (!isFigure(content)) {
    return h('td', { className: 'left' }, content);
  }
  const classes = [content.absent ? 'none' : '', content.mark ?? ''].join(' ').trim();
  return h(
    'td',
    {
      className: classes || undefined,
      title: content.exact !== content.text ? content.exact : undefined,
    },
    content.text,
  );
}

// {title, within (a section that says the title), heads: [text or {text, about, raw}], rows:
// [{head, cells, dim}], lines}; the first head is that of the row names.
export function table(spec) {
  const heads = spec.heads.map((head) => (typeof head === 'string' ? { text: head } : head));
  const texts = () => [
    heads.map((head) => head.text),
    ...spec.rows.map((row) => [textOf(row.head), ...row.cells.map(textOf)]),
  ];
  const raws = () => [
    heads.map((head) => head.raw ?? head.text),
    ...spec.rows.map((row) => [textOf(row.head), ...row.cells.map(rawOf)]),
  ];
  const left = (i) => i === 0 || (spec.rows.length && !isFigure(spec.rows[0].cells[i - 1]));
  const element = h(
    'table',
    null,
    h('caption', null, spec.title),
    h(
      'thead',
      null,
      h(
        'tr',
        null,
        heads.map((head, i) =>
          h(
            'th',
            {
              scope: 'col',
              className: left(i) ? 'left' : undefined,
              title: head.about,
            },
            breakable(head.text),
          ),
        ),
      ),
    ),
    h(
      'tbody',
      null,
      spec.rows.map((row) =>
        h(
          'tr',
          { className: row.dim ? 'dim' : undefined },
          h('th', { scope: 'row' }, row.head),
          row.cells.map(bodyCell),
        ),
      ),
    ),
  );
  return h(
    'div',
    { className: spec.within ? 'table within' : 'table' },
    h(
      'div',
      { className: 'tools' },
      copyButton('Markdown', `table ${spec.title}`, () => toMarkdown(texts())),
      copyButton('CSV', `table ${spec.title}`, () => toCsv(raws())),
      saveButton(
        'Save',
        `table ${spec.title} as CSV`,
        `${fileName(spec.title)}.csv`,
        () => toCsv(raws()),
        'text/csv',
      ),
    ),
    h(
      'div',
      {
        className: 'scroll',
        tabIndex: 0,
        role: 'region',
        'aria-label': `Table: ${spec.title}`,
      },
      element,
    ),
    (spec.lines ?? []).map((line) => h('p', { className: 'soft' }, line)),
  );
}
