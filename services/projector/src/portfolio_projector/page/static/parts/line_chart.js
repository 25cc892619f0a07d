// <line-chart>: draws what it is told, in the colours of the page, as wide as there is room.

import uPlot from "../vendor/uplot/uPlot.esm.js";

const HEIGHT = 280;
const ROOM_MIN = 1;
const DAY_S = 86400;
const schemes = [matchMedia("(prefers-color-scheme: dark)"), matchMedia("print")];

const KINDS = {
  line: { width: 2 },
  area: { width: 1.5, filled: true },
  bars: { paths: uPlot.paths.bars({ size: [0.7, 40] }), filled: true, width: 0 },
  points: { paths: () => null, marked: true },
};

export const written = (spec, value) => (value === null || value === undefined ? "–" : (spec.text ?? String)(value));

class LineChart extends HTMLElement {
  #spec;
  #plot;
  #drawn;
  #room = new ResizeObserver(() => this.#fit());
  #redraw = () => this.#draw();

  set spec(spec) {
    const text = JSON.stringify(spec);
    this.#spec = spec;
    if (text === this.#drawn) return;
    this.#drawn = text;
    if (this.isConnected) this.#draw();
  }

  connectedCallback() {
    this.#room.observe(this);
    for (const scheme of schemes) scheme.addEventListener("change", this.#redraw);
    this.#draw();
  }

  disconnectedCallback() {
    this.#room.disconnect();
    for (const scheme of schemes) scheme.removeEventListener("change", this.#redraw);
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  #fit() {
    if (this.#plot && this.clientWidth && this.clientWidth !== this.#plot.width) {
      this.#plot.setSize({ width: this.clientWidth, height: HEIGHT });
    }
  }

  #draw() {
    this.#plot?.destroy();
    const { days, series } = this.#spec;
    const seconds = days.map((day) => Date.parse(`${day}T00:00:00Z`) / 1000);
    const data = [seconds, ...series.map((one) => one.values.map((value) => (value === null ? null : Number(value))))];
    this.#plot = new uPlot(this.#options(), data, this);
  }

  #options() {
    const ink = this.#colour("--quiet");
    const grid = { stroke: this.#colour("--line"), width: 1 };
    const font = `12px ${getComputedStyle(this).fontFamily}`;
    const spec = this.#spec;
    const ticks = (_, splits) => splits.map((split) => (spec.tick ?? String)(split));
    return {
      width: this.clientWidth || 600,
      height: HEIGHT,
      tzDate: (second) => uPlot.tzDate(new Date(second * 1000), "Etc/UTC"),
      scales: { x: { range: (_, first, last) => aside(spec, first, last) }, y: { range: (_, least, most) => heights(spec, least, most) } },
      axes: [
        { stroke: ink, font, grid: { show: false }, ticks: grid, values: dates },
        { stroke: ink, font, grid, ticks: grid, size: 64, values: ticks },
      ],
      series: [{ label: "Day", value: (_, second) => (second ? isoDay(second) : "–") }, ...spec.series.map((one) => this.#line(one))],
    };
  }

  #line({ label, colour, kind = "line", dash }) {
    const { filled, marked = false, ...drawn } = KINDS[kind];
    const stroke = this.#colour(`--${colour}`);
    const value = (_, __, index, at) => (at === null ? "–" : written(this.#spec, this.#spec.series[index - 1].values[at]));
    return { label, stroke, dash, spanGaps: true, value, fill: filled ? stroke : undefined, points: { show: marked, size: 7, fill: stroke }, ...drawn };
  }

  #colour(name) {
    return getComputedStyle(this).getPropertyValue(name).trim();
  }
}

// Bars and points at either end are seen whole.
function aside({ days, series }, first, last) {
  const isWide = series.some((one) => one.kind === "bars" || one.kind === "points");
  const room = isWide || first === last ? Math.max((last - first) / days.length / 2, DAY_S / 2) : 0;
  return [first - room, last + room];
}

// From 0 on; or `close` to what there is, where differences are read and not heights.
function heights({ close }, least, most) {
  if (close) return [Math.max(0, least - (most - least) * 0.15 - ROOM_MIN), most + ROOM_MIN];
  return [Math.min(0, least ?? 0), Math.max(most ?? 0, ROOM_MIN) * 1.05];
}

const isoDay = (second) => new Date(second * 1000).toISOString().slice(0, 10);

// Days where they are close, months where they are not.
function dates(_, splits) {
  const apart = (splits.at(-1) - splits[0]) / Math.max(splits.length - 1, 1);
  return splits.map((second) => isoDay(second).slice(0, apart > 25 * DAY_S ? 7 : 10).slice(apart > 25 * DAY_S ? 0 : 5));
}

customElements.define("line-chart", LineChart);
