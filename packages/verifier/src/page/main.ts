import { Page } from './page.ts';
import { type Answer, answer, type Question } from './work.ts';

// The same script draws the page and, in a worker, verifies: so the page stays alive while a large file is verified.
if (typeof document === 'undefined') {
  self.onmessage = ({ data }: MessageEvent<Question>) => self.postMessage(answer(data));
} else {
  const source = document.currentScript?.textContent ?? '';
  new Page((question) => inWorker(source, question));
}

async function inWorker(source: string, question: Question): Promise<Answer> {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(url);
  try {
    return await new Promise<Answer>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(question);
    });
  } finally {
    worker.terminate();
    URL.revokeObjectURL(url);
  }
}
