// Elements without markup: every text goes through textContent, so that what comes from a scenario
// or a server stays text.

// Control bytes and characters that turn the direction of text would hide or forge what stands
// beside them.
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export function printable(text) {
  return String(text).replace(UNSEEN, (c) => {
    const code = c.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
  });
}

const PROPERTIES = new Set([
  'className',
  'id',
  'hidden',
  'tabIndex',
  'type',
  'value',
  'checked',
  'title',
  'href',
  'download',
  'open',
  'scope',
  'disabled',
  'colSpan',
  'rowSpan',
]);

function append(parent, child) {
  if (Array.isArray(child)) {
    child.forEach((one) => append(parent, one));
  } else if (child instanceof Node) {
    parent.append(child);
  } else if (child !== null && child !== undefined && child !== false) {
    parent.append(printable(child));
  }
}

// h('p', {className: 'soft', onclick: f, 'aria-label': 'x'}, 'text', node, [nodes])
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null) {
      continue;
    }
    if (key.startsWith('on')) {
      element.addEventListener(key.slice(2), value);
    } else if (PROPERTIES.has(key)) {
      element[key] = value;
    } else {
      element.setAttribute(key, printable(value));
    }
  }
  append(element, children);
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    element.setAttribute(key, printable(value));
  }
  append(element, children);
  return element;
}

// A name that may be broken behind commas and slashes.
export function breakable(name) {
  const parts = printable(name).split(/(?<=[,/])/);
  return parts.flatMap((part, i) => (i === 0 ? [part] : [document.createElement('wbr'), part]));
}

let said;

// For those who hear the page instead of seeing it.
export function say(text) {
  if (!said) {
    said = h('p', { className: 'unseen', role: 'status' });
    document.body.append(said);
  }
  said.textContent = printable(text);
}
