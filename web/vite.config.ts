// Builds web/ into one file, dist/dashboard.html, which the program carries. No file name, time or path enters it: the same sources
// give the same bytes.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { defineConfig, transformWithEsbuild, type Plugin } from 'vite';

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

// A script must not end, or begin a comment in, the element that it stands in.
const inline = (code: string) => code.trim().replace(/<\/(script)/gi, '<\\/$1').replace(/<!--/g, '\\x3C!--');

function singlePage(): Plugin {
  return {
    name: 'single-page',
    enforce: 'post',
    async generateBundle(_options, bundle) {
      let script = '';
      let style = '';
      for (const [name, part] of Object.entries(bundle)) {
        if (part.type === 'chunk') script += part.code;
        else if (name.endsWith('.css')) style += part.source;
        delete bundle[name];
      }
      const source = readFileSync('src/first.ts', 'utf8');
      const first = inline((await transformWithEsbuild(source, 'first.ts', { minify: true, target: 'es2020' })).code);
      script = inline(script);
      style = style.trim();
      const policy = [
        "default-src 'none'", `script-src ${hash(first)} ${hash(script)}`, `style-src ${hash(style)}`, 'img-src data:', 'font-src data:',
        "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
      ].join('; ');
      const fill: Record<string, string> = { POLICY: policy, STYLE: style, FIRST: first, SCRIPT: script };
      const page = readFileSync('page.html', 'utf8').replace(/%([A-Z]+)%/g, (mark, name: string) => fill[name] ?? mark);
      this.emitFile({ type: 'asset', fileName: 'dashboard.html', source: page });
    },
  };
}

export default defineConfig({
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  build: {
    target: 'es2020',
    outDir: 'dist',
    modulePreload: false,
    cssCodeSplit: false,
    reportCompressedSize: false,
    rollupOptions: { input: 'src/main.tsx', output: { format: 'iife', inlineDynamicImports: true } },
  },
  plugins: [singlePage()],
  test: { include: ['tests/unit/**/*.test.ts'] },
} as Parameters<typeof defineConfig>[0]);
