// What a reader can change: choices and inputs with a label, which say what is wrong with a value.
import { h } from './dom.js';

let made = 0;

function labelled(label, control, ...more) {
  control.id = `control-${(made += 1)}`;
  const name = h('label', null, label);
  name.htmlFor = control.id;
  return h('span', { className: 'control' }, name, control, more);
}

// `options`: [value, text]
export function choice(label, options, value, change) {
  const select = h(
    'select',
    null,
    options.map(([one, text]) => h('option', { value: one }, text)),
  );
  select.value = value;
  select.addEventListener('change', () => change(select.value));
  return labelled(label, select);
}

export function tick(label, checked, change) {
  const box = h('input', { type: 'checkbox', checked });
  box.addEventListener('change', () => change(box.checked));
  return h('label', { className: 'chip' }, box, label);
}

// `take(text)` gives a sentence that says what is wrong, or nothing when it took the value.
export function input(label, value, take) {
  const box = h('input', { type: 'text', value, size: Math.max(8, value.length + 1) });
  const wrong = h('span', { className: 'wrong', role: 'alert' });
  const control = labelled(label, box, wrong);
  wrong.id = `${box.id}-wrong`;
  box.setAttribute('aria-describedby', wrong.id);
  box.addEventListener('input', () => {
    const problem = take(box.value) ?? '';
    wrong.textContent = problem;
    box.setAttribute('aria-invalid', String(problem !== ''));
  });
  return control;
}

export function controls(name, ...content) {
  return h('fieldset', { className: 'controls' }, h('legend', null, name), content);
}
