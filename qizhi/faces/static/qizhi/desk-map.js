/* Where a matter is: the county's outline, its towns, and one point that nobody can move. */

"use strict";

async function drawPoint(box) {
  if (box.dataset.drawn) return;
  box.dataset.drawn = "yes";
  const answer = await fetch(box.dataset.outline, { credentials: "same-origin" });
  if (!answer.ok) return;
  const drawing = await answer.json();
  const at = [Number(box.dataset.lat), Number(box.dataset.lon)];
  const map = L.map(box, { minZoom: 9, maxZoom: 16, zoomControl: false, scrollWheelZoom: false }).setView(at, 11);
  L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut }).addTo(map);
  map.attributionControl.setPrefix("").addAttribution(drawing.attribution || "");
  L.geoJSON(drawing, {
    style: { color: "#0f5b66", weight: 2, fillColor: "#ffffff", fillOpacity: 0.9 },
    pointToLayer(feature, place) {
      const icon = L.divIcon({ className: "map-town", html: "", iconSize: [80, 20] });
      const name = L.marker(place, { icon, interactive: false, keyboard: false });
      name.on("add", () => {
        name.getElement().textContent = feature.properties.name;
      });
      return name;
    },
  }).addTo(map);
  L.circleMarker(at, { radius: 10, color: "#ffffff", weight: 3, fillColor: "#bf3b22", fillOpacity: 1 }).addTo(map);
}

function drawPoints() {
  document.querySelectorAll("[data-desk-map]").forEach(drawPoint);
}

document.addEventListener("DOMContentLoaded", drawPoints);
document.addEventListener("htmx:afterSettle", drawPoints);
