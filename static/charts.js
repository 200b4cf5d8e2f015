/* Messages by level and day: pointing at a day tells its numbers. The bars the server drew stay
   for print and for whoever runs no script; the numbers come from the table below them. */
"use strict";

{
  const card = document.getElementById("levels")?.closest(".card");
  const days = card ? [...card.querySelectorAll("tbody tr")] : [];
  const label = card?.querySelector(".pn-day");
  const names = days.map((row) => row.querySelector("th").textContent);
  const last = days.length - 1;  // today, which is not over

  const name = (day) => {
    label.textContent = day === null ? "" : names[day];
    if (day !== null) label.style.left = `${((day + 0.5) / days.length) * 100}%`;
  };

  const draw = (spark, column) => {
    const plot = spark.querySelector(".pn-plot");
    const number = spark.querySelector(".pn-num");
    const sum = number.textContent;
    const counts = days.map((row) => Number(row.querySelectorAll("td")[column].textContent));
    const ink = () => getComputedStyle(plot).fill;
    const faint = () => ink().replace("rgb(", "rgba(").replace(")", ", 0.25)");
    const each = (shade) => ({ unit: 3, values: () => counts.map(shade) });
    const point = ({ cursor }) => {
      const day = cursor.idx ?? null;
      number.textContent = day === null ? sum : counts[day];
      spark.classList.toggle("is-pointed", day !== null);
      name(day);
    };
    const size = () => ({ width: plot.clientWidth, height: 33 });
    const bars = uPlot.paths.bars({
      size: [0.8],
      disp: {
        fill: each((_, day) => (day === last ? faint() : ink())),
        stroke: each(ink),
      },
    });
    const chart = new uPlot({
      ...size(),
      padding: [1, 0, 0, 0],
      legend: { show: false },
      axes: [{ show: false }, { show: false }],
      scales: { x: { time: false, range: [-0.5, last + 0.5] }, y: { range: [0, Math.max(...counts, 1)] } },
      series: [{}, { paths: bars, fill: ink, stroke: ink, width: 1, points: { show: false } }],
      cursor: { sync: { key: "levels" }, y: false, points: { show: false }, drag: { x: false, y: false } },
      hooks: { setCursor: [point] },
    }, [days.map((_, day) => day), counts], plot);
    plot.classList.add("is-drawn");
    new ResizeObserver(() => chart.setSize(size())).observe(plot);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => chart.redraw());
  };

  if (label) {
    card.querySelectorAll(".pn-spark:has(.pn-plot)").forEach(draw);
  }
}
