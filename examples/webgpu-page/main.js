/** VeLU on the page's own device and buffers: nothing is copied but the row that is drawn. */
import { velu } from '@isoact/core';
import { createKernel } from '@isoact/webgpu';

const rows = 1024;
const columns = 1024;
const bytes = rows * columns * 4;
const range = 3;

const adapter = await navigator.gpu?.requestAdapter();
const device = await adapter?.requestDevice();
const said = document.querySelector('#said');
if (device) await start();
else said.textContent = 'This browser offers no WebGPU device.';

async function start() {
  const buffer = (usage, size = bytes) => device.createBuffer({ size, usage });
  const storage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const [x, y, upstream, gradient] = [buffer(storage), buffer(storage), buffer(storage), buffer(storage)];
  const lambda = buffer(storage, 4); // the gradient of the parameter that trains
  const drawn = buffer(GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST, 2 * columns * 4);

  const values = Float32Array.from(
    { length: rows * columns },
    (_, index) => range * ((2 * (index % columns)) / (columns - 1) - 1),
  );
  device.queue.writeBuffer(x, 0, values);
  device.queue.writeBuffer(upstream, 0, new Float32Array(rows * columns).fill(1));

  // Compiled once: the slider's value is an argument of every call.
  const kernel = await createKernel(device, velu({ alpha: 2, beta1: 1, beta2: 0.7 }), {
    shape: [rows, columns],
    dtype: 'float32',
  });

  const slider = document.querySelector('#alpha');
  const draw = async () => {
    slider.nextElementSibling.textContent = slider.value;
    const parameters = { alpha: Number(slider.value) };
    const begin = performance.now();
    const encoder = device.createCommandEncoder();
    kernel.encode(encoder, { x, y, parameters });
    kernel.encodeVjp(encoder, { x, upstream, gradient, parameterGradients: { lambda }, parameters });
    encoder.copyBufferToBuffer(y, 0, drawn, 0, columns * 4);
    encoder.copyBufferToBuffer(gradient, 0, drawn, columns * 4, columns * 4);
    device.queue.submit([encoder.finish()]);
    await drawn.mapAsync(GPUMapMode.READ);
    const time = performance.now() - begin;
    const both = new Float32Array(drawn.getMappedRange().slice(0));
    drawn.unmap();
    plot([both.subarray(0, columns), both.subarray(columns)]);
    const { description, vendor, architecture } = adapter.info;
    said.textContent = `${rows * columns} elements forward and backward in ${time.toFixed(1)} ms, ${kernel.forward.dispatches} + ${kernel.vjp.dispatches} dispatches, on ${description || `${vendor} ${architecture}`}. VeLU(${range}) = ${both[columns - 1].toFixed(4)}`;
  };

  // One call at a time, and always the last value.
  let busy = false;
  let again = false;
  const redraw = async () => {
    again = true;
    if (busy) return;
    busy = true;
    while (again) {
      again = false;
      await draw();
    }
    busy = false;
  };
  slider.addEventListener('input', redraw);
  await redraw();
}

function plot(curves) {
  const canvas = document.querySelector('canvas');
  const context = canvas.getContext('2d');
  const at = (value) => canvas.height / 2 - (value / range) * (canvas.height / 2);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.strokeStyle = getComputedStyle(canvas).color;
  curves.forEach((curve, index) => {
    context.setLineDash(index === 0 ? [] : [12, 10]);
    context.lineWidth = index === 0 ? 4 : 2;
    context.beginPath();
    for (const [column, value] of curve.entries()) context.lineTo((column / (columns - 1)) * canvas.width, at(value));
    context.stroke();
  });
}
