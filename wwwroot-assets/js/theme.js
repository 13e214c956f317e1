// Light or dark: the choice is a cookie, so that the server writes it into the document before the first paint.
// Works before and without the circuit.
document.addEventListener('click', event => {
  if (!event.target.closest?.('[data-theme-switch]')) return;
  const root = document.documentElement;
  const isDark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = isDark ? 'light' : 'dark';
  document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
});
