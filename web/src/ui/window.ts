// Which rows of a long list are worth drawing: those in sight and a few around them.
import { useEffect, useRef, useState } from 'preact/hooks';

const OVERSCAN = 8;

export interface Windowed<E extends HTMLElement> {
  box: { current: E | null };
  from: number;
  to: number;
  onScroll: () => void;
  show: (i: number) => void;
}

export function useWindow<E extends HTMLElement>(total: number, rowHeight: number, head = 0): Windowed<E> {
  const box = useRef<E>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  useEffect(() => {
    const el = box.current;
    if (!el) return;
    const watch = new ResizeObserver(() => setHeight(el.clientHeight));
    watch.observe(el);
    return () => watch.disconnect();
  }, []);
  const from = Math.max(0, Math.min(Math.floor((top - head) / rowHeight), total) - OVERSCAN);
  const to = Math.min(total, Math.ceil((top + height) / rowHeight) + OVERSCAN);
  const show = (i: number) => {
    const el = box.current;
    if (!el) return;
    const at = i * rowHeight;
    if (at < el.scrollTop) el.scrollTop = at;
    else if (at + rowHeight > el.scrollTop + el.clientHeight) el.scrollTop = at + rowHeight - el.clientHeight;
  };
  return { box, from, to: Math.max(from, to), onScroll: () => setTop(box.current?.scrollTop ?? 0), show };
}
