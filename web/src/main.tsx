// Starts the page: reads the data it was written with and shows it.
import 'uplot/dist/uPlot.min.css';
import { render } from 'preact';
import type { Payload } from './payload';
import './style.css';
import { App } from './ui/app';

function start(): void {
  let data: Payload;
  try {
    data = JSON.parse(document.getElementById('report-data')!.textContent ?? '') as Payload;
  } catch (error) {
    document.body.textContent = `The data of this report cannot be read: ${String(error)}`;
    return;
  }
  render(<App data={data} />, document.getElementById('app')!);
}

start();
