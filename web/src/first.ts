// Runs before the page is painted: the notice for browsers without scripts goes, and stored preferences apply at once.
document.getElementById('no-script')?.remove();
try {
  const theme = sessionStorage.getItem('perf-sentinel:theme');
  document.documentElement.dataset['theme'] = theme === 'light' || theme === 'dark' ? theme : 'auto';
} catch {
  document.documentElement.dataset['theme'] = 'auto';
}
try {
  document.documentElement.dataset['density'] = localStorage.getItem('perf-sentinel:density') === 'compact' ? 'compact' : 'comfort';
} catch {
  document.documentElement.dataset['density'] = 'comfort';
}
