// What Lighthouse says of the pages of a running service: accessibility and best practices are to be at 100.
//     npm --prefix tests/lighthouse run pages -- http://127.0.0.1:8080
import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';

const [service] = process.argv.slice(2);
if (!service) throw new Error('name the address of a running service');

// The page behind a link is the same for every link; the secret of this one is nobody's.
const pages = [
  '/app',
  '/consent/01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20#a-secret',
  '/share/01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20#a-secret',
];
const onlyCategories = ['accessibility', 'best-practices'];

const chrome = await launch({
  // Chromium's sandbox refuses to run as root.
  chromeFlags: [
    '--headless=new',
    '--disable-gpu',
    '--no-proxy-server',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ],
});
try {
  for (const page of pages) {
    const found = await lighthouse(`${service}${page}`, {
      port: chrome.port,
      onlyCategories,
      logLevel: 'error',
    });
    const { categories, audits, runtimeError } = found.lhr;
    const scores = Object.values(categories).map(
      ({ title, score }) => `${title} ${Math.round((score ?? 0) * 100)}`,
    );
    console.log(`${page.split('#')[0]}: ${scores.join(', ')}`);
    // What it finds fault with, as far as it counts.
    const weighed = Object.values(categories).flatMap(({ auditRefs }) =>
      auditRefs.filter(({ weight }) => weight > 0),
    );
    for (const { score, title, details } of weighed.map(({ id }) => audits[id])) {
      if (score === null || score === 1) continue;
      const where = (details?.items ?? []).map((item) => item.node?.snippet ?? item.description ?? '');
      console.log(`  ${title} ${where.join(' ')}`);
    }
    if (runtimeError || Object.values(categories).some(({ score }) => score !== 1)) process.exitCode = 1;
  }
} finally {
  chrome.kill();
}
