// Runs before anything else. On a slow line it takes seconds until the application has taken the page over; until then
// the last click that needs it is held and done afterwards, and what is typed meanwhile is kept.
(() => {
  const typed = new Map();
  let held;
  const hold = (target, act) => {
    held?.target.removeAttribute('aria-busy');
    held = { target, act };
    target.setAttribute('aria-busy', 'true');
  };
  const listeners = {
    input: ({ target }) => typed.set(target, { value: target.value, checked: target.checked }),
    click: ({ target }) => {
      const button = target.closest?.('button[type=button]:not([popovertarget])');
      if (button) hold(button, () => button.click());
    },
    submit: (event) => {
      const { target: form, submitter } = event;
      // A form with an address goes there by itself.
      if (form.hasAttribute('action')) return;
      event.preventDefault();
      hold(submitter ?? form, () => form.requestSubmit(submitter));
    },
    // One went back or forward within what was one document before it was loaded anew: the address changes, and nobody
    // is there yet to show its page.
    popstate: () => location.reload(),
  };
  for (const name in listeners) addEventListener(name, listeners[name], true);

  addEventListener('application', ({ detail: ready }) => {
    held?.target.removeAttribute('aria-busy');
    // Without the application nothing becomes of a form; the page says so. And going back still needs to load.
    const stay = ready ? [] : ['submit', 'popstate'];
    for (const name in listeners) if (!stay.includes(name)) removeEventListener(name, listeners[name], true);
    if (!ready) return;
    for (const [field, { value, checked }] of typed) {
      if (field.checked !== checked) field.checked = checked;
      if (field.value !== value) field.value = value;
      for (const name of ['input', 'change']) field.dispatchEvent(new Event(name, { bubbles: true }));
    }
    for (const menu of document.querySelectorAll(':popover-open')) menu.dispatchEvent(new Event('beforetoggle'));
    if (held?.target.isConnected) held.act();
  });
})();
